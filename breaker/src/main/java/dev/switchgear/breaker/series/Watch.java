package dev.switchgear.breaker.series;

import dev.switchgear.breaker.Symptom;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One measure of one dependency: its healthy past, and the evidence that it is no longer what it
 * was. A value joins the past a minute after it was measured, if nothing was wrong by then: what
 * leads up to a symptom must not become usual.
 */
abstract sealed class Watch permits ErrorWatch, LimitWatch, RateWatch, ShiftWatch {

  /** Log likelihood ratio of a sample that looks well: so much of what is ill looks well. */
  static final double LOOKS_WELL = Math.log(0.1);

  /** However alike neighbours are, each is worth half of an independent sample. */
  private static final double LEAST_NEWS = 0.5;

  private static final double DAY_MILLIS = 86_400_000;

  private static final long LEARN_AFTER_MILLIS = 60_000;
  private static final int MOST_PENDING = 60;
  private static final int FEWEST_PENDING = 2;

  /** A past of two minutes, eight samples at least, is enough to say what is usual. */
  private static final long KNOWN_MILLIS = 120_000;

  private static final int FEWEST_KNOWN = 8;
  private static final int MOST_KNOWN = 60;

  /** What has lasted for half a day is how it is now. */
  private static final long NEW_NORMAL_MILLIS = 12 * 3_600_000L;

  /**
   * What goes on for longer may be a habit, such as a night: if it comes again at the same time, it
   * is no news.
   */
  private static final long HABIT_MILLIS = 1_800_000;

  private final Measure measure;
  private final Episode episode = new Episode();
  private final ArrayDeque<Double> pending = new ArrayDeque<>();
  private Symptom.Kind kind;
  private double value;
  private double wanted;
  private boolean newNormal;

  Watch(Measure measure) {
    this.measure = measure;
    this.kind = measure.kind();
  }

  /**
   * Takes a value.
   *
   * @param coveredMillis length of the interval it was sampled over
   * @param callsPerSecond how many calls there were; not a number where nobody knows
   * @param falseAlarmsPerDay how many false alarms are accepted
   */
  final Episode.Turn take(
      double measured,
      long atMillis,
      long coveredMillis,
      double callsPerSecond,
      double falseAlarmsPerDay) {
    value = measured;
    newNormal = false;
    wanted = Math.log(DAY_MILLIS / Math.max(1, coveredMillis) / falseAlarmsPerDay);
    tellCalls(callsPerSecond * coveredMillis / 1e3);
    if (learned() < known(coveredMillis)) {
      learn(measured, atMillis, coveredMillis);
      return Episode.Turn.NONE;
    }
    double logRatio = logRatio(measured, atMillis, coveredMillis);
    Episode.Turn turn =
        episode.take(logRatio, atMillis, coveredMillis, wanted, measure.feltMillis());
    if (turn == Episode.Turn.BEGAN) {
      kind = kindOf(measured);
    }
    if (episode.ill() && atMillis - episode.illSinceMillis() > NEW_NORMAL_MILLIS) {
      newNormal = true;
      restart();
      return Episode.Turn.ENDED;
    }
    learnLater(measured, atMillis, coveredMillis);
    return turn;
  }

  /** Says how many calls the next value is of; not a number where nobody knows. */
  void tellCalls(double calls) {}

  /** How much the value speaks for something to be felt, against the healthy past. */
  abstract double logRatio(double measured, long atMillis, long coveredMillis);

  /** Adds a value to the healthy past. */
  abstract void learn(double measured, long atMillis, long coveredMillis);

  /** Remembers a value for the same time tomorrow and in a week, though nothing is healthy now. */
  void season(double measured, long atMillis) {}

  /** Values in the healthy past. */
  abstract int learned();

  /** Forgets the past. */
  abstract void forget();

  /**
   * What a sample is worth of an independent one. Where neighbours resemble each other, the second
   * says less than the first.
   */
  static double independent(Past past) {
    return Math.max(LEAST_NEWS, past.innovation());
  }

  /** Its healthy pasts, always in the same order. */
  abstract List<Past> pasts();

  /** What it remembers of earlier days; nothing for a watch that does not. */
  Season seasons() {
    return new Season();
  }

  final SeriesMemory.OfWatch memory() {
    return new SeriesMemory.OfWatch(
        episode.memory(),
        List.copyOf(pending),
        kind,
        value,
        wanted,
        pasts().stream().map(Past::values).toList(),
        seasons().memory());
  }

  final void restore(SeriesMemory.OfWatch memory) {
    episode.restore(memory.episode());
    pending.addAll(memory.pending());
    kind = memory.kind();
    value = memory.value();
    wanted = memory.wanted();
    seasons().restore(memory.season());
    for (int i = 0; i < Math.min(pasts().size(), memory.pasts().size()); i++) {
      memory.pasts().get(i).forEach(pasts().get(i)::add);
    }
  }

  final boolean ill() {
    return episode.ill();
  }

  /** Nothing points to a symptom. */
  final boolean calm() {
    return episode.calm();
  }

  /** What is usual now, in the measure's own unit. */
  abstract double usual();

  /** The symptom that such a value is. */
  Symptom.Kind kindOf(double measured) {
    return measure.kind();
  }

  /** The symptom that is felt, or was last. */
  final Symptom.Kind kind() {
    return kind;
  }

  final Measure measure() {
    return measure;
  }

  final SeriesEvent began(long atMillis, double risePerSecond, double secondsToFull) {
    return new SeriesEvent.Began(
        atMillis,
        kind,
        episode.sinceMillis(),
        measure,
        value,
        usual(),
        episode.strength(),
        episode.wanted(wanted),
        risePerSecond,
        secondsToFull);
  }

  final SeriesEvent ended(long atMillis) {
    return new SeriesEvent.Ended(atMillis, kind, episode.lastFeltMillis(), newNormal);
  }

  /** After a gap nothing that was under suspicion is any longer. */
  final void gap() {
    pending.clear();
    if (!episode.ill()) {
      episode.reset();
    }
  }

  private static int known(long coveredMillis) {
    long wanted = KNOWN_MILLIS / Math.max(1, coveredMillis);
    return (int) Math.max(FEWEST_KNOWN, Math.min(MOST_KNOWN, wanted));
  }

  private void restart() {
    episode.reset();
    pending.clear();
    forget();
  }

  private void learnLater(double measured, long atMillis, long coveredMillis) {
    if (episode.ill()) {
      pending.clear();
      if (atMillis - episode.illSinceMillis() > HABIT_MILLIS) {
        season(measured, atMillis);
      }
      return;
    }
    pending.add(measured);
    long most = LEARN_AFTER_MILLIS / Math.max(1, coveredMillis);
    int held = (int) Math.max(FEWEST_PENDING, Math.min(MOST_PENDING, most));
    if (episode.calm()) {
      while (pending.size() > held) {
        learn(pending.remove(), atMillis, coveredMillis);
      }
    } else if (pending.size() > 4 * held) {
      pending.remove();
    }
  }
}
