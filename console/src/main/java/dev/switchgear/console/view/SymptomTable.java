package dev.switchgear.console.view;

import dev.switchgear.schemas.SymptomState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Symptoms, one line each. */
public final class SymptomTable {

  private static final int NARROWEST_NAME = 12;
  private static final int WIDEST_NAME = 44;
  private static final int KIND = 17;
  private static final int TIME = 9;

  /** From here on a reason has room beside the rest. */
  private static final int ROOMY = 120;

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final Style style;
  private final Instant now;
  private final int width;
  private final int name;

  private SymptomTable(Collection<SymptomState> symptoms, Instant now, Style style, int width) {
    this.style = style;
    this.now = now;
    this.width = width;
    int longest = symptoms.stream().mapToInt(s -> s.getBreaker().length()).max().orElse(0);
    this.name = 2 + Math.max(NARROWEST_NAME, Math.min(WIDEST_NAME, longest));
  }

  /**
   * A header and a line for each symptom, two where a window is too narrow for the reason.
   *
   * @param width columns a line may have
   */
  public static List<String> of(
      Collection<SymptomState> symptoms, Instant now, Style style, int width) {
    SymptomTable table = new SymptomTable(symptoms, now, style, width);
    List<String> lines = new ArrayList<>();
    lines.add(table.header());
    symptoms.forEach(symptom -> table.add(symptom, lines));
    return lines;
  }

  /** One change for a log: when it became known, of what, which symptom, why. */
  public static String change(SymptomState symptom, Style style) {
    boolean over = symptom.getUntilMillis() != 0;
    long at = over ? symptom.getUntilMillis() : symptom.getSeenAtMillis();
    String became = over ? "over" : Line.clean(reason(symptom));
    return CLOCK.format(Instant.ofEpochMilli(at))
        + "  "
        + Line.clean(symptom.getBreaker())
        + "  "
        + style.paint(ink(symptom), label(symptom))
        + "  "
        + became;
  }

  private String header() {
    Line line =
        new Line(style, width)
            .left("BREAKER", name, Ink.FAINT)
            .left("SYMPTOM", KIND, Ink.FAINT)
            .right("SINCE", TIME, Ink.FAINT)
            .right("UNTIL", TIME + 1, Ink.FAINT);
    return (roomy() ? line.gap(2).left("REASON", width, Ink.FAINT) : line).toString();
  }

  private void add(SymptomState symptom, List<String> lines) {
    Line line =
        new Line(style, width)
            .left(symptom.getBreaker(), name, Ink.PLAIN)
            .left(label(symptom), KIND, ink(symptom))
            .right(since(symptom), TIME, Ink.PLAIN)
            .right(until(symptom), TIME + 1, Ink.PLAIN);
    String reason = reason(symptom);
    if (roomy()) {
      lines.add(line.gap(2).left(reason, width, Ink.PLAIN).toString());
    } else {
      lines.add(line.toString());
      lines.add(new Line(style, width).gap(2).left(reason, width, Ink.FAINT).toString());
    }
  }

  private boolean roomy() {
    return width >= ROOMY;
  }

  private String since(SymptomState symptom) {
    return Figures.span(Duration.between(Instant.ofEpochMilli(symptom.getSinceMillis()), now));
  }

  private String until(SymptomState symptom) {
    return symptom.getUntilMillis() == 0
        ? style.dot()
        : CLOCK.format(Instant.ofEpochMilli(symptom.getUntilMillis()));
  }

  private static String label(SymptomState symptom) {
    return symptom.getKind().name().replace('_', ' ');
  }

  private static Ink ink(SymptomState symptom) {
    return symptom.getUntilMillis() == 0 ? Ink.RED : Ink.FAINT;
  }

  /** The kind stands beside it already; who suffers does not. */
  private static String reason(SymptomState symptom) {
    String kind = label(symptom).toLowerCase(Locale.ROOT) + ": ";
    String reason = symptom.getReason();
    String shown = reason.startsWith(kind) ? reason.substring(kind.length()) : reason;
    String callers =
        symptom.getCallers().isEmpty()
            ? ""
            : "; felt by " + String.join(", ", symptom.getCallers());
    String root = symptom.getDownstreamOf();
    return shown + callers + (root == null ? "" : "; follows from " + root);
  }
}
