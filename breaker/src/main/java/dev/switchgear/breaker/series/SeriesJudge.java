package dev.switchgear.breaker.series;

import dev.switchgear.breaker.Symptom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Judges the sampled measurements of one dependency. Samples come in the order of time; one that is
 * not newer than the last of its measure is left out. Several measures may show one symptom: it
 * begins with the first and is over with the last. The same samples give the same events. Not
 * thread-safe.
 */
public final class SeriesJudge {

  private final double falseAlarmsPerDay;
  private final Map<Measure, Track> tracks = new EnumMap<>(Measure.class);
  private final Map<Symptom.Kind, Integer> ill = new EnumMap<>(Symptom.Kind.class);

  /**
   * A judge that knows nothing yet.
   *
   * @param falseAlarmsPerDay how many false alarms a day are accepted per measure; more than 0, at
   *     most 10
   */
  public SeriesJudge(double falseAlarmsPerDay) {
    if (!(falseAlarmsPerDay > 0 && falseAlarmsPerDay <= 10)) {
      throw new IllegalArgumentException(
          "falseAlarmsPerDay: " + falseAlarmsPerDay + " (expected: more than 0, at most 10)");
    }
    this.falseAlarmsPerDay = falseAlarmsPerDay;
  }

  /** Takes what was measured, and says which symptoms begin or end with it. */
  public List<SeriesEvent> take(SeriesSample sample) {
    List<SeriesEvent> events = new ArrayList<>();
    double calls = sample.values().getOrDefault(Measure.CALLS_PER_SECOND, Double.NaN);
    long at = sample.atMillis();
    for (Map.Entry<Measure, Double> each : sample.values().entrySet()) {
      tracks
          .computeIfAbsent(each.getKey(), Track::new)
          .take(
              each.getValue(),
              at,
              calls,
              falseAlarmsPerDay,
              (watch, turn) -> turned(watch, turn, at, events));
    }
    return events;
  }

  /** Whether the symptom is felt at present. */
  public boolean ill(Symptom.Kind kind) {
    return ill.getOrDefault(kind, 0) > 0;
  }

  private void turned(Watch watch, Episode.Turn turn, long atMillis, List<SeriesEvent> events) {
    Symptom.Kind kind = watch.kind();
    if (turn == Episode.Turn.BEGAN && ill.merge(kind, 1, Integer::sum) == 1) {
      events.add(watch.began(atMillis));
    }
    if (turn == Episode.Turn.ENDED && ill.merge(kind, -1, Integer::sum) == 0) {
      events.add(watch.ended(atMillis));
    }
  }
}
