package dev.switchgear.breaker.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A judge that is remembered and restored goes on as if nothing had happened. */
class SeriesMemoryTest {

  private static final long START = 1_700_000_000_000L;
  private static final long SAMPLE_MILLIS = 10_000;
  private static final Limits LIMITS = new Limits(0.9, 500);

  /** Days of half hours in which anything may be ill, gone, or twice as much. */
  @Property(tries = 25)
  void whatIsRestored_givesTheSameEvents(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3_000) int before) {
    Scene scene = new Scene(seed);
    SeriesJudge judge = new SeriesJudge(1, LIMITS);
    for (int i = 0; i < before; i++) {
      judge.take(scene.next());
    }
    SeriesJudge restored = SeriesJudge.restore(1, LIMITS, judge.memory());
    assertThat(restored.memory()).isEqualTo(judge.memory());

    List<SeriesEvent> expected = new ArrayList<>();
    List<SeriesEvent> events = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      SeriesSample sample = scene.next();
      expected.addAll(judge.take(sample));
      events.addAll(restored.take(sample));
    }
    assertThat(events).isEqualTo(expected);
    assertThat(restored.memory()).isEqualTo(judge.memory());
  }

  @Test
  void theSceneHasSymptomsToLose() {
    List<SeriesEvent> events = new ArrayList<>();
    for (long seed = 0; seed < 20; seed++) {
      Scene scene = new Scene(seed);
      SeriesJudge judge = new SeriesJudge(1, LIMITS);
      for (int i = 0; i < 3_000; i++) {
        events.addAll(judge.take(scene.next()));
      }
    }
    assertThat(events).extracting(SeriesEvent::kind).doesNotContainNull().hasSizeGreaterThan(20);
  }

  @Test
  void whatIsRemembered_isBounded_howeverLongItIsWatched() {
    Scene scene = new Scene(1);
    SeriesJudge judge = new SeriesJudge(1, LIMITS);
    for (int i = 0; i < 9 * 8_640; i++) {
      judge.take(scene.next());
    }
    for (SeriesMemory.OfMeasure each : judge.memory().measures()) {
      assertThat(each.fine().pasts()).allMatch(past -> past.size() <= Past.MOST);
      assertThat(each.fine().season()).hasSizeLessThanOrEqualTo(8 * 48);
      assertThat(each.fine().pending().size()).isLessThanOrEqualTo(4 * 60);
      assertThat(each.trend()).hasSizeLessThanOrEqualTo(30);
    }
  }

  /** Measurements that scatter, and now and then are ill for a while, or missing. */
  private static final class Scene {
    private final Random random;
    private long now = START;
    private int left;
    private double calls = 1;
    private double level = 1;

    Scene(long seed) {
      random = new Random(seed);
    }

    SeriesSample next() {
      now += random.nextInt(400) == 0 ? 20 * SAMPLE_MILLIS : SAMPLE_MILLIS;
      if (left-- <= 0) {
        left = 20 + random.nextInt(200);
        calls = random.nextInt(4) == 0 ? random.nextDouble() : 1;
        level = random.nextInt(4) == 0 ? 1 + 8 * random.nextDouble() : 1;
      }
      Map<Measure, Double> values = new EnumMap<>(Measure.class);
      values.put(Measure.CALLS_PER_SECOND, calls * 50 * (0.9 + 0.2 * random.nextDouble()));
      values.put(Measure.CPU, 0.12 * level + 0.05 * random.nextDouble());
      values.put(Measure.QUEUE_DEPTH, 20 * level * (0.8 + 0.4 * random.nextDouble()));
      if (random.nextInt(10) > 0) {
        values.put(Measure.ERROR_SHARE, 0.01 * random.nextDouble() * level * level);
        values.put(Measure.LATENCY_P95, 40 * level * (0.8 + 0.4 * random.nextDouble()));
      }
      return new SeriesSample(now, values);
    }
  }
}
