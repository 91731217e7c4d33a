package dev.switchgear.console.view;

import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.detector.policy.PolicyBook.Said;
import dev.switchgear.detector.policy.PolicyChange;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.Policy;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Policies as people read them. */
public final class PolicyLines {

  /** The pattern that names every breaker, as files call it. */
  private static final String DEFAULT = "default";

  private static final String EVERY_BREAKER = "*";
  private static final int KEY = 24;
  private static final int NARROWEST_VALUE = 10;
  private static final int WIDEST_VALUE = 40;

  /** A reason is told in full; what is longer than a line or two is none. */
  private static final int UNLIMITED = 10_000;

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private final Style style;

  /** Lines as the terminal can show them. */
  public PolicyLines(Style style) {
    this.style = style;
  }

  /** The pattern as people write it. */
  public static String name(String pattern) {
    return pattern.equals(EVERY_BREAKER) ? DEFAULT : Line.clean(pattern);
  }

  /**
   * One pattern that is written otherwise, and each of its keys.
   *
   * @param note what else there is to say of it; may be empty
   */
  public List<String> change(PolicyChange change, String note) {
    List<String> lines = new ArrayList<>();
    String title = sign(change.kind()) + " " + name(change.pattern());
    lines.add(
        style.paint(ink(change.kind()), title)
            + (note.isEmpty() ? "" : "  " + style.paint(Ink.FAINT, note)));
    for (PolicyChange.Key key : change.keys()) {
      lines.add(
          line()
              .gap(4)
              .left(key.name(), KEY, Ink.PLAIN)
              .left(step(change.kind(), key), UNLIMITED, Ink.PLAIN)
              .toString());
    }
    return lines;
  }

  /** Every policy on the topic: what it says, who said it when, and why. */
  public List<String> written(PolicyBook book) {
    List<String> lines = new ArrayList<>();
    for (WrittenPolicy each : book.written()) {
      each.record()
          .ifPresent(record -> lines.addAll(written(record, book.saidFor(each.pattern()))));
    }
    return lines;
  }

  /** Every key of one breaker's policy, and where its value comes from. */
  public List<String> explained(List<Said> explanation) {
    int value = 2 + explanation.stream().mapToInt(said -> said.value().length()).max().orElse(0);
    int width = Math.max(NARROWEST_VALUE, Math.min(WIDEST_VALUE, value));
    List<String> lines = new ArrayList<>();
    lines.add(row("KEY", "VALUE", "FROM", width, Ink.FAINT));
    for (Said said : explanation) {
      boolean builtIn = said.from().isEmpty();
      String from = said.from().map(PolicyLines::from).orElse("built in");
      lines.add(row(said.key(), said.value(), from, width, builtIn ? Ink.FAINT : Ink.PLAIN));
    }
    return lines;
  }

  /**
   * Where something is written: the pattern, and its place in the file or who put it on the topic.
   */
  public static String from(WrittenPolicy written) {
    String place =
        written
            .record()
            .map(record -> "version " + record.getVersion() + " by " + record.getWho())
            .orElseGet(written::source);
    return name(written.pattern()) + " (" + Line.clean(place) + ")";
  }

  private List<String> written(Policy record, Map<String, String> said) {
    List<String> lines = new ArrayList<>();
    lines.add(
        style.paint(Ink.BOLD, name(record.getPattern()))
            + "  version "
            + record.getVersion()
            + ", "
            + MOMENT.format(Instant.ofEpochMilli(record.getAtMillis()))
            + " by "
            + Line.clean(record.getWho())
            + ": "
            + Line.clean(record.getWhy()));
    said.forEach(
        (key, value) ->
            lines.add(
                line()
                    .gap(4)
                    .left(key, KEY, Ink.PLAIN)
                    .left(value, UNLIMITED, Ink.PLAIN)
                    .toString()));
    if (said.isEmpty()) {
      lines.add(line().gap(4).left("(says nothing of its own)", UNLIMITED, Ink.FAINT).toString());
    }
    return lines;
  }

  private String row(String key, String value, String from, int width, Ink ink) {
    return line()
        .left(key, KEY, ink)
        .left(value, width, ink)
        .gap(2)
        .left(from, UNLIMITED, ink)
        .toString();
  }

  private String step(PolicyChange.Kind kind, PolicyChange.Key key) {
    String before = key.before() == null ? "(inherited)" : key.before();
    String after = key.after() == null ? "(inherited)" : key.after();
    return switch (kind) {
      case ADDED -> after;
      case CHANGED -> before + " " + style.arrow() + " " + after;
      case REMOVED -> before;
    };
  }

  private Line line() {
    return new Line(style, UNLIMITED);
  }

  private static String sign(PolicyChange.Kind kind) {
    return switch (kind) {
      case ADDED -> "+";
      case CHANGED -> "~";
      case REMOVED -> "-";
    };
  }

  private static Ink ink(PolicyChange.Kind kind) {
    return switch (kind) {
      case ADDED -> Ink.GREEN;
      case CHANGED -> Ink.YELLOW;
      case REMOVED -> Ink.RED;
    };
  }
}
