package dev.switchgear.console.backtest;

import dev.switchgear.breaker.State;
import dev.switchgear.detector.backtest.FeltSymptom;
import dev.switchgear.detector.backtest.Hindsight;
import dev.switchgear.schemas.BreakerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What would have happened, for people: a page without scripts or outside parts, with a picture of
 * every breaker's signals. Symptoms are shaded; below them is the share of calls that the breaker
 * would have admitted.
 */
public final class HindsightPage {

  private static final int WIDTH = 1_000;
  private static final int LABEL_WIDTH = 140;
  private static final int CURVE_HEIGHT = 56;
  private static final int STATE_HEIGHT = 18;
  private static final int GAP = 10;
  private static final int MOST_BREAKERS = 200;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #1f6feb; --ink: #1f2328; --pale: #8c959f;
        --paper: #ffffff; --felt: #cf222e33; --open: #cf222e; --some: #d4a72c; --all: #2da44e; }
      @media (prefers-color-scheme: dark) { :root { --line: #58a6ff; --ink: #e6edf3;
        --pale: #7d8590; --paper: #0d1117; --felt: #f8514944; } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
        max-width: 1180px; margin: 2em auto; padding: 0 1em; }
      svg { width: 100%; height: auto; } text { font-size: 12px; fill: var(--pale); }
      text.name { fill: var(--ink); } polyline { fill: none; stroke: var(--line); }
      .felt { fill: var(--felt); } .open { fill: var(--open); } .some { fill: var(--some); }
      .all { fill: var(--all); } h2 { margin: 2em 0 0; font-size: 1.1em; }
      ul { margin: 0.2em 0; padding-left: 1.2em; } .pale { color: var(--pale); }
      """;

  private final Hindsight hindsight;
  private final Digest digest;
  private final StringBuilder page = new StringBuilder();

  private HindsightPage(Hindsight hindsight) {
    this.hindsight = hindsight;
    this.digest = Digest.of(hindsight);
  }

  /** The page. */
  public static String of(String input, History history, HindsightJson.Tried tried) {
    return new HindsightPage(tried.hindsight()).write(input, history, tried.policy());
  }

  private String write(String input, History history, String policy) {
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>Backtest of ")
        .append(escaped(input))
        .append("</title><style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>Backtest of ")
        .append(escaped(input))
        .append("</h1>\n<p>Policy ")
        .append(escaped(policy))
        .append(
            String.format(
                Locale.ROOT, "; %s to %s, ", at(digest.fromMillis()), at(digest.toMillis())))
        .append(
            String.format(
                Locale.ROOT,
                "%.2f days. %d symptoms in %d incidents, %d trips; %.0f of %.0f calls refused.</p>\n",
                digest.days(),
                hindsight.symptoms().size(),
                digest.incidents().size(),
                digest.trips(),
                digest.refused(),
                digest.calls()));
    List<Hindsight.Judgement> shown = wholesFirst();
    shown.stream().limit(MOST_BREAKERS).forEach(each -> breaker(each, history));
    if (shown.size() > MOST_BREAKERS) {
      page.append("<p>The other ")
          .append(shown.size() - MOST_BREAKERS)
          .append(" breakers are in the JSON only.</p>\n");
    }
    return page.append("</body></html>").toString();
  }

  /** Where there are too many, parts are what is left out. */
  private List<Hindsight.Judgement> wholesFirst() {
    return hindsight.breakers().size() <= MOST_BREAKERS
        ? hindsight.breakers()
        : hindsight.breakers().stream()
            .sorted(Comparator.comparing(Hindsight.Judgement::part))
            .toList();
  }

  private void breaker(Hindsight.Judgement each, History history) {
    List<FeltSymptom> felt =
        hindsight.symptoms().stream()
            .filter(symptom -> symptom.dependency().equals(each.breaker()))
            .toList();
    page.append("<h2>").append(escaped(each.breaker())).append("</h2>\n");
    list(felt);
    String measured = each.part() ? BreakerId.whole(each.breaker()) : each.breaker();
    List<Curve> curves = history.curves(measured);
    int height = curves.size() * (CURVE_HEIGHT + GAP) + STATE_HEIGHT + 2 * GAP + 14;
    page.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n",
            WIDTH + LABEL_WIDTH,
            height));
    int top = GAP;
    for (Curve curve : curves) {
      felt.stream().filter(symptom -> shows(curve, symptom)).forEach(new Shade(top)::draw);
      curve(curve, top);
      top += CURVE_HEIGHT + GAP;
    }
    states(each.breaker(), top);
    int below = top + STATE_HEIGHT + 14;
    page.append(text(LABEL_WIDTH, below, "", at(digest.fromMillis())));
    page.append(text(LABEL_WIDTH + WIDTH - 150, below, "", at(digest.toMillis())));
    page.append("</svg>\n");
  }

  private void list(List<FeltSymptom> felt) {
    if (felt.isEmpty()) {
      page.append("<p class=\"pale\">No symptom.</p>\n");
      return;
    }
    page.append("<ul>\n");
    for (FeltSymptom each : felt) {
      Long to = each.toMillis();
      page.append("<li>")
          .append(at(each.fromMillis()))
          .append(to == null ? " to the end: " : " to " + at(to) + ": ")
          .append(HindsightJson.label(each).replace('_', ' '))
          .append(", ")
          .append(escaped(each.evidence().reason()))
          .append("</li>\n");
    }
    page.append("</ul>\n");
  }

  /** The curve that gave the symptom away; all of them where calls did. */
  private static boolean shows(Curve curve, FeltSymptom symptom) {
    String source = symptom.evidence().source();
    String kind = source.contains("latency") ? "latency" : source.substring(0, 3);
    return source.equals("calls") || curve.label().startsWith(kind) || isRate(curve, source);
  }

  private static boolean isRate(Curve curve, String source) {
    return source.equals("calls_per_second") && curve.label().equals("request_rate");
  }

  /** A symptom behind a curve. */
  private final class Shade {
    private final int top;

    Shade(int top) {
      this.top = top;
    }

    void draw(FeltSymptom symptom) {
      Long to = symptom.toMillis();
      long until = to == null ? digest.toMillis() : to;
      bar("felt", symptom.fromMillis(), until, top, CURVE_HEIGHT, HindsightJson.label(symptom));
    }
  }

  private void curve(Curve curve, int top) {
    double highest = Math.max(curve.column().highest(), 1e-9);
    page.append(text(0, top + 14, "name", curve.label()));
    page.append(text(0, top + 30, "", String.format(Locale.ROOT, "max %.4g", highest)));
    page.append("<polyline points=\"");
    for (double[] point : thinned(curve)) {
      double y = top + CURVE_HEIGHT * (1 - point[1] / highest);
      page.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], y));
    }
    page.append("\"/>\n");
  }

  /** Of each column of the picture the lowest and the highest value: no peak is lost. */
  private List<double[]> thinned(Curve curve) {
    List<double[]> points = new ArrayList<>();
    Column column = curve.column();
    int i = 0;
    while (i < column.size()) {
      int across = (int) x(column.time(i));
      double lowest = column.value(i);
      double highest = lowest;
      while (i < column.size() && (int) x(column.time(i)) == across) {
        lowest = Math.min(lowest, column.value(i));
        highest = Math.max(highest, column.value(i));
        i++;
      }
      points.add(new double[] {across, lowest});
      points.add(new double[] {across, highest});
    }
    return points;
  }

  private void states(String breaker, int top) {
    page.append(text(0, top + 13, "name", "admitted"));
    long since = digest.fromMillis();
    int share = State.FULL_SHARE;
    for (Hindsight.Move move : hindsight.transitions()) {
      if (move.breaker().equals(breaker)) {
        long at = move.transition().atMillis();
        bar(color(share), since, at, top, STATE_HEIGHT, share / 100.0 + " %");
        since = at;
        share = move.transition().to().admittedShare();
      }
    }
    bar(color(share), since, digest.toMillis(), top, STATE_HEIGHT, share / 100.0 + " %");
  }

  private static String color(int share) {
    return share == State.FULL_SHARE ? "all" : share == 0 ? "open" : "some";
  }

  private void bar(String kind, long from, long to, int top, int height, String title) {
    double left = x(from);
    page.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s %s</title></rect>\n",
            kind,
            left,
            top,
            Math.max(1, x(to) - left),
            height,
            escaped(title),
            at(from)));
  }

  private double x(long millis) {
    double part = (millis - digest.fromMillis()) / (digest.days() * 86_400_000);
    return LABEL_WIDTH + WIDTH * part;
  }

  private static String text(int x, int y, String kind, String what) {
    return "<text class=\""
        + kind
        + "\" x=\""
        + x
        + "\" y=\""
        + y
        + "\">"
        + escaped(what)
        + "</text>\n";
  }

  private static String at(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
