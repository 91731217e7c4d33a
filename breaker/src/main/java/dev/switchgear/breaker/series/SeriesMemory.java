package dev.switchgear.breaker.series;

import dev.switchgear.breaker.Symptom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SeriesJudge} knows, as values: what a restart needs. A judge that is made of it
 * gives the same events as the one it was taken of.
 */
public record SeriesMemory(List<OfMeasure> measures) {

  public SeriesMemory {
    measures = List.copyOf(measures);
  }

  /**
   * One measure.
   *
   * @param distances of its last samples, the oldest first, in milliseconds
   * @param block values that wait for the coarse watch
   * @param trend its last values
   * @param limit null where it is judged against no limit
   */
  public record OfMeasure(
      Measure measure,
      List<Long> distances,
      long lastMillis,
      List<Double> block,
      List<Point> trend,
      OfWatch fine,
      OfWatch coarse,
      @Nullable OfWatch limit) {}

  /** A value and its moment. */
  public record Point(long atMillis, double value) {}

  /**
   * One watch.
   *
   * @param pending values that may become usual
   * @param kind the symptom that is felt, or was last
   * @param value the newest
   * @param pasts healthy values, the oldest first; a watch may have several kinds of them
   */
  public record OfWatch(
      OfEpisode episode,
      List<Double> pending,
      Symptom.Kind kind,
      double value,
      double wanted,
      List<List<Float>> pasts,
      List<OfSlot> season) {}

  /** The evidence of one watch. */
  public record OfEpisode(
      double strength,
      double highest,
      double burst,
      long sinceMillis,
      long feltMillis,
      boolean ill,
      long illSinceMillis,
      long lastFeltMillis,
      int calmSamples) {}

  /** One half hour, counted from 1970. */
  public record OfSlot(long slot, float mean, int count) {}
}
