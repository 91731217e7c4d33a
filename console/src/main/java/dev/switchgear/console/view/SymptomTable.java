package dev.switchgear.console.view;

import dev.switchgear.schemas.SymptomState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Symptoms, one line each. */
public final class SymptomTable {

  private static final int KIND = 17;
  private static final int TIME = 9;

  private final Style style;
  private final Instant now;
  private final Rows rows;

  private SymptomTable(Rows rows, Instant now, Style style) {
    this.rows = rows;
    this.now = now;
    this.style = style;
  }

  /**
   * A header and a line for each symptom, two where a window is too narrow for the reason.
   *
   * @param width columns a line may have
   */
  public static List<String> of(
      Collection<SymptomState> symptoms, Instant now, Style style, int width) {
    Rows rows = new Rows(symptoms.stream().map(SymptomState::getBreaker), style, width);
    SymptomTable table = new SymptomTable(rows, now, style);
    table.addHeader();
    symptoms.forEach(table::add);
    return rows.lines();
  }

  /** One change for a log: when it became known, of what, which symptom, why. */
  public static String change(SymptomState symptom, Style style) {
    boolean over = symptom.getUntilMillis() != 0;
    long at = over ? symptom.getUntilMillis() : symptom.getSeenAtMillis();
    String became = over ? "over" : Line.clean(reason(symptom));
    return Figures.timeOfDay(at)
        + "  "
        + Line.clean(symptom.getBreaker())
        + "  "
        + style.paint(ink(symptom), label(symptom))
        + "  "
        + became;
  }

  private void addHeader() {
    rows.addHeader(
        rows.begin("BREAKER", Ink.FAINT)
            .left("SYMPTOM", KIND, Ink.FAINT)
            .right("SINCE", TIME, Ink.FAINT)
            .right("UNTIL", TIME + 1, Ink.FAINT));
  }

  private void add(SymptomState symptom) {
    Line line =
        rows.begin(symptom.getBreaker(), Ink.PLAIN)
            .left(label(symptom), KIND, ink(symptom))
            .right(since(symptom), TIME, Ink.PLAIN)
            .right(until(symptom), TIME + 1, Ink.PLAIN);
    rows.add(line, reason(symptom));
  }

  private String since(SymptomState symptom) {
    return Figures.span(Duration.between(Instant.ofEpochMilli(symptom.getSinceMillis()), now));
  }

  private String until(SymptomState symptom) {
    return symptom.getUntilMillis() == 0
        ? style.dot()
        : Figures.timeOfDay(symptom.getUntilMillis());
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
