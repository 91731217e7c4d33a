package dev.switchgear.console.view;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Deployment;
import dev.switchgear.schemas.Evidence;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.InputOffset;
import dev.switchgear.schemas.Suspect;
import dev.switchgear.schemas.SuspectDimension;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomTest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Moves of a breaker in plain words. */
public final class Explanation {

  private static final int LABEL = 12;
  private static final DateTimeFormatter DATE = formatter("yyyy-MM-dd HH:mm:ss.SSS");
  private static final DateTimeFormatter CLOCK = formatter("HH:mm:ss.SSS");

  private final Style style;
  private final BreakerTransition move;
  private final Evidence evidence;
  private final List<String> lines;

  private Explanation(BreakerTransition move, Style style, List<String> lines) {
    this.move = move;
    this.evidence = move.getEvidence();
    this.style = style;
    this.lines = lines;
  }

  /** The first at length, one line for each of those since, and what happens next. */
  public static List<String> of(List<BreakerTransition> moves, Style style) {
    List<String> lines = new ArrayList<>();
    new Explanation(moves.get(0), style, lines).explain();
    if (moves.size() > 1) {
      lines.add("");
      lines.add("Since then");
      moves.stream().skip(1).forEach(each -> new Explanation(each, style, lines).mention());
    }
    lines.add("");
    new Explanation(moves.get(moves.size() - 1), style, lines).foretell();
    return lines;
  }

  private void explain() {
    lines.add(
        style.paint(Ink.BOLD, Line.clean(move.getBreaker())) + "  " + step() + "  " + when(DATE));
    add("Why", Line.clean(move.getReason()));
    String who = move.getWho();
    if (who != null) {
      add("Who", Line.clean(who));
    }
    if (move.getSymptom() != null) {
      seen();
      strength();
    } else if (evidence.getEpochCalls() > 0) {
      add("Seen", epoch());
    }
    add("Policy", policy());
    names("Errors", evidence.getErrors());
    callers();
    suspects();
    deployment();
    latency();
    if (!evidence.getExemplars().isEmpty()) {
      add("Traces", Line.clean(String.join(" ", evidence.getExemplars())));
    }
    inputs();
    recount();
  }

  private void mention() {
    String judged = " [" + word(Recount.of(move)) + "]";
    lines.add("  " + when(CLOCK) + "  " + step() + "  " + Line.clean(move.getReason()) + judged);
  }

  private String step() {
    return StateLabel.of(move.getFrom())
        + " "
        + style.arrow()
        + " "
        + style.paint(StateLabel.ink(move.getTo()), StateLabel.of(move.getTo()))
        + "  (epoch "
        + move.getEpoch()
        + ")";
  }

  private void seen() {
    if (evidence.getTest() == SymptomTest.SERIES) {
      add("Seen", measured());
      return;
    }
    if (evidence.getTest() != SymptomTest.EXCESS) {
      add("Seen", epoch());
      return;
    }
    boolean slow = symptomIsSlow();
    long untimed = slow ? evidence.getUntimed() : 0;
    long bad = slow ? evidence.getSlow() : evidence.getFailed();
    add(
        "Seen",
        format(
            "%d %s since %s, %d of them %s; in the newest second %d of %d",
            evidence.getSinceCalls(),
            untimed > 0 ? "timed calls" : "calls",
            clock(evidence.getSinceMillis()),
            evidence.getSinceBad(),
            verb(),
            bad,
            evidence.getCalls() - untimed));
    if (untimed > 0) {
      add("", untimed + " more calls of that second do not count here: of so many a part is timed");
    }
    if (evidence.getRefusals() > 0) {
      add("", evidence.getRefusals() + " more were refused in that second, which proves nothing");
    }
  }

  private String measured() {
    return format(
        "%s since %s: %.4g, where %.4g is %s",
        evidence.getMeasure().replace('_', ' '),
        clock(evidence.getSinceMillis()),
        evidence.getValue(),
        evidence.getUsual(),
        move.getSymptom() == SymptomKind.SATURATION ? "the limit" : "usual");
  }

  private String epoch() {
    long timed = evidence.getEpochCalls() - evidence.getEpochUntimed();
    return format(
        "%d calls in %s since %s, %d of them failed, %d%s slow",
        evidence.getEpochCalls(),
        StateLabel.of(move.getFrom()),
        clock(evidence.getEpochFromMillis()),
        evidence.getEpochFailed(),
        evidence.getEpochSlow(),
        evidence.getEpochUntimed() > 0 ? " of " + timed + " timed ones" : "");
  }

  private void strength() {
    add(
        "Strength",
        format(
            "%.1f, and %.1f was wanted (natural logarithms of the odds against chance)",
            evidence.getStrength(), evidence.getStrengthWanted()));
    if (evidence.getTest() == SymptomTest.EXCESS) {
      add(
          "",
          format(
              "because of %.3g calls a day no more than %.3g a day may be called a symptom wrongly",
              evidence.getCallsPerDay(), evidence.getFalseTripsPerDay()));
    } else if (evidence.getTest() == SymptomTest.RECOVERY) {
      add("", "because on probes one verdict in a hundred may be wrong");
    }
  }

  private String policy() {
    String version =
        move.getPolicyVersion() == 0 ? "built in" : "version " + move.getPolicyVersion();
    return evidence.getTest() == SymptomTest.UNKNOWN
        ? version
        : version
            + format(
                ", accepts %s failed and %s slow calls",
                Figures.percent(evidence.getAcceptedErrors()),
                Figures.percent(evidence.getAcceptedSlow()));
  }

  private void callers() {
    String callers =
        evidence.getCallsByService().entrySet().stream()
            .sorted(Comparator.comparingLong(each -> -badOf(each)))
            .map(each -> Line.clean(each.getKey()) + " " + badOf(each) + " of " + each.getValue())
            .collect(Collectors.joining(", "));
    if (!callers.isEmpty()) {
      add("Callers", callers + " bad");
    }
  }

  /** Whose calls are bad more often than the others', the likeliest culprit first. */
  private void suspects() {
    String label = "Suspects";
    for (Suspect suspect : evidence.getSuspects()) {
      add(label, suspect(suspect));
      label = "";
    }
  }

  private String suspect(Suspect suspect) {
    String who = kind(suspect.getDimension()) + " " + Line.clean(suspect.getValue());
    String numbers = format("%s: %d of %d %s", who, suspect.getBad(), suspect.getCalls(), verb());
    String others =
        suspect.getOtherCalls() == 0
            ? ", and nobody else calls"
            : format(
                ", elsewhere %d of %d; strength %.1f",
                suspect.getOtherBad(), suspect.getOtherCalls(), suspect.getStrength());
    long seen = suspect.getFirstSeenMillis();
    return numbers + others + (seen == 0 ? "" : "; first seen " + clock(seen));
  }

  private void deployment() {
    Deployment deployment = evidence.getDeployment();
    if (deployment != null) {
      add(
          "Deployed",
          format(
              "%s %s, running since %s on %d of %d instances",
              Line.clean(deployment.getService()),
              Line.clean(deployment.getVersion()),
              clock(deployment.getStartedAtMillis()),
              deployment.getOfThisVersion(),
              deployment.getInstances()));
    }
  }

  private static String kind(SuspectDimension dimension) {
    return switch (dimension) {
      case VERSION -> "version";
      case SERVICE -> "service";
      case INSTANCE -> "instance";
      case ZONE -> "zone";
      case REGION -> "region";
      case UNKNOWN -> "callers";
    };
  }

  private long badOf(Map.Entry<String, Long> caller) {
    return evidence.getBadByService().getOrDefault(caller.getKey(), 0L);
  }

  private void latency() {
    ExponentialHistogram latency = histogram(evidence.getLatencyNanos());
    if (latency.count() > 0) {
      add(
          "Latency",
          format(
              "p50 %s, p90 %s, p99 %s of %d calls",
              quantile(latency, 0.5),
              quantile(latency, 0.9),
              quantile(latency, 0.99),
              latency.count()));
    }
  }

  private void names(String label, Map<String, Long> counts) {
    if (!counts.isEmpty()) {
      add(
          label,
          counts.entrySet().stream()
              .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
              .map(each -> Line.clean(each.getKey()) + " " + each.getValue())
              .collect(Collectors.joining(", ")));
    }
  }

  private void inputs() {
    Map<String, List<Long>> offsets = new TreeMap<>();
    for (InputOffset each : evidence.getInputs()) {
      String partition = each.getTopic() + "-" + each.getPartition();
      offsets.computeIfAbsent(partition, unseen -> new ArrayList<>()).add(each.getOffset());
    }
    offsets.forEach(
        (partition, read) ->
            add("Read", partition + ", offsets " + read.get(0) + ".." + read.get(read.size() - 1)));
  }

  private void recount() {
    Recount recount = Recount.of(move);
    Ink ink =
        switch (recount.result()) {
          case AGREES -> Ink.GREEN;
          case DIFFERS -> Ink.RED;
          case NO_VERDICT, UNKNOWN -> Ink.PLAIN;
        };
    add("Recomputed", style.paint(ink, word(recount)) + ": " + recount.detail());
  }

  static String word(Recount recount) {
    return switch (recount.result()) {
      case AGREES -> "agrees";
      case DIFFERS -> "differs";
      case NO_VERDICT -> "nothing to judge";
      case UNKNOWN -> "cannot be judged again";
    };
  }

  private void foretell() {
    String share = Figures.share(move.getAdmittedShare());
    String until = move.getUntilMillis() > 0 ? clock(move.getUntilMillis()) : "its end";
    String next =
        switch (move.getTo()) {
          case CLOSED -> "every call passes, until a symptom is proven";
          case OPEN -> "no call passes until " + until + "; then a few do, as probes";
          case PROBING ->
              share
                  + " of the calls pass as probes: proven well, more follow; proven ill, it opens";
          case RECOVERING ->
              share
                  + " of the calls pass until "
                  + until
                  + " at least: proven well, more follow; leaning ill, fewer; proven ill, it opens";
          case HELD_OPEN ->
              "no call passes until " + until + ", or until it is released; then probes";
          case HELD_CLOSED -> "every call passes until " + until + ", or until it is released";
          case SHADOW -> "every call passes; it only says what it would do";
          case UNKNOWN -> "not known to this program";
        };
    add("Next", next + " (as of epoch " + move.getEpoch() + ")");
  }

  /** A label in a column of its own, and the text beside it. */
  private void add(String label, String text) {
    String blanks = " ".repeat(LABEL - label.length());
    lines.add("  " + style.paint(Ink.FAINT, label) + blanks + text);
  }

  private boolean symptomIsSlow() {
    return move.getSymptom() == SymptomKind.SLOWNESS;
  }

  private String verb() {
    return symptomIsSlow() ? "slow" : "failed";
  }

  private String when(DateTimeFormatter formatter) {
    return formatter.format(Instant.ofEpochMilli(move.getAtMillis()));
  }

  private static String clock(long millis) {
    return CLOCK.format(Instant.ofEpochMilli(millis));
  }

  private static String quantile(ExponentialHistogram latency, double share) {
    return Figures.millis(latency.quantile(share) / 1e6);
  }

  private static ExponentialHistogram histogram(Histogram record) {
    return ExponentialHistogram.of(
        record.getScale(),
        record.getZeroCount(),
        record.getOffset(),
        record.getCounts().stream().mapToLong(Long::longValue).toArray());
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneId.systemDefault());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
