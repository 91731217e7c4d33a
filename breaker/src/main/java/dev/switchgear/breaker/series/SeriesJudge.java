package dev.switchgear.breaker.series;

import dev.switchgear.breaker.Symptom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges the sampled measurements of one dependency. Samples come in the order of time; one that is
 * not newer than the last of its measure is left out. Several measures may show one symptom: it
 * begins with the first and is over with the last. The same samples give the same events. Not
 * thread-safe.
 */
public final class SeriesJudge {

  private final Map<Measure, Track> tracks = new EnumMap<>(Measure.class);
  private double falseAlarmsPerDay;
  private @Nullable Limits limits;

  /**
   * A judge that knows nothing yet, and no limits: a level is compared with what it usually is.
   *
   * @param falseAlarmsPerDay how many false alarms a day are accepted per measure; more than 0, at
   *     most 10
   */
  public SeriesJudge(double falseAlarmsPerDay) {
    this.falseAlarmsPerDay = checked(falseAlarmsPerDay);
  }

  /**
   * A judge that knows nothing yet but limits. Processor, memory and pools are shares of what there
   * is, 0..1 or more, and are compared with nothing but their limit: to be busier than usual is no
   * symptom. What waits is compared with both.
   */
  public SeriesJudge(double falseAlarmsPerDay, Limits limits) {
    this(falseAlarmsPerDay);
    this.limits = limits;
  }

  /** A judge that goes on where another was remembered. */
  public static SeriesJudge restore(double falseAlarmsPerDay, Limits limits, SeriesMemory memory) {
    SeriesJudge judge = new SeriesJudge(falseAlarmsPerDay, limits);
    memory.measures().forEach(each -> judge.track(each.measure()).restore(each));
    return judge;
  }

  /** What is needed to go on after a restart. */
  public SeriesMemory memory() {
    return new SeriesMemory(tracks.values().stream().map(Track::memory).toList());
  }

  /** Judges by other limits from now on; for a judge that has any. */
  public void adopt(double newFalseAlarmsPerDay, Limits newLimits) {
    falseAlarmsPerDay = checked(newFalseAlarmsPerDay);
    limits = newLimits;
    tracks.forEach((measure, track) -> track.limit(limit(measure)));
  }

  /** Takes what was measured, and says which symptoms begin or end with it. */
  public List<SeriesEvent> take(SeriesSample sample) {
    List<SeriesEvent> events = new ArrayList<>();
    double calls = sample.values().getOrDefault(Measure.CALLS_PER_SECOND, Double.NaN);
    long at = sample.atMillis();
    for (Map.Entry<Measure, Double> each : sample.values().entrySet()) {
      Track track = track(each.getKey());
      track.take(
          each.getValue(),
          at,
          calls,
          falseAlarmsPerDay,
          (watch, turn) -> turned(track, watch, turn, at, events));
    }
    return events;
  }

  /**
   * Forgets a measure that nobody measures any longer. A symptom that it alone showed is over: when
   * it was felt last is all that is known.
   */
  public List<SeriesEvent> forget(Measure measure, long atMillis) {
    Map<Symptom.Kind, SeriesEvent> over = new EnumMap<>(Symptom.Kind.class);
    Track track = tracks.remove(measure);
    for (Watch watch : track == null ? List.<Watch>of() : track.watches()) {
      if (watch.ill() && !ill(watch.kind())) {
        over.put(watch.kind(), watch.ended(atMillis));
      }
    }
    return List.copyOf(over.values());
  }

  /** Whether the symptom is felt at present. */
  public boolean ill(Symptom.Kind kind) {
    return watchesIn(kind) > 0;
  }

  /** Whether nothing points to any symptom, of all that is measured. */
  public boolean calm() {
    return tracks.values().stream().flatMap(each -> each.watches().stream()).allMatch(Watch::calm);
  }

  private Track track(Measure measure) {
    return tracks.computeIfAbsent(measure, this::newTrack);
  }

  private Track newTrack(Measure measure) {
    Track track = new Track(measure, limits != null);
    track.limit(limit(measure));
    return track;
  }

  private double limit(Measure measure) {
    return limits == null ? Double.POSITIVE_INFINITY : limits.of(measure);
  }

  private void turned(
      Track track, Watch watch, Episode.Turn turn, long atMillis, List<SeriesEvent> events) {
    Symptom.Kind kind = watch.kind();
    if (turn == Episode.Turn.BEGAN && watchesIn(kind) == 1) {
      events.add(watch.began(atMillis, track.risePerSecond(), track.secondsToFull()));
    }
    if (turn == Episode.Turn.ENDED && watchesIn(kind) == 0) {
      events.add(watch.ended(atMillis));
    }
  }

  /** How many watches see the symptom at present. */
  private long watchesIn(Symptom.Kind kind) {
    return tracks.values().stream()
        .flatMap(each -> each.watches().stream())
        .filter(each -> each.ill() && each.kind() == kind)
        .count();
  }

  private static double checked(double falseAlarmsPerDay) {
    if (!(falseAlarmsPerDay > 0 && falseAlarmsPerDay <= 10)) {
      throw new IllegalArgumentException(
          "falseAlarmsPerDay: " + falseAlarmsPerDay + " (expected: more than 0, at most 10)");
    }
    return falseAlarmsPerDay;
  }
}
