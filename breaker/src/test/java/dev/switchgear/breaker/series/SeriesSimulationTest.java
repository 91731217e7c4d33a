package dev.switchgear.breaker.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How often measurements that only scatter are taken for symptoms, and how soon a change is seen,
 * over kinds of noise that real measurements have. Prints the table.
 */
class SeriesSimulationTest {

  private static final List<Signal.Noise> NOISES =
      List.of(
          new Signal.Noise("independent", 0.1, 0, false, 1, 0),
          new Signal.Noise("wide", 0.5, 0, false, 1, 0),
          new Signal.Noise("with memory", 0.2, 0.9, false, 1, 0),
          new Signal.Noise("heavy tails", 0.2, 0, true, 1, 0),
          new Signal.Noise("heavy tails, memory", 0.2, 0.7, true, 1, 0),
          new Signal.Noise("days and nights", 0.15, 0.5, false, 4, 0),
          new Signal.Noise("bursts", 0.15, 0.3, false, 2, 50));

  private static final long START = 1_700_000_000_000L;
  private static final long DAY = 86_400_000;
  private static final long QUARTER_MINUTE = 15_000;
  private static final int DAYS = 3;

  @Test
  void noiseIsRarelyTakenForASymptom_andAFivefoldChangeIsSeenWithinMinutes() {
    StringBuilder table =
        new StringBuilder(
            "Sampled every 15 s: false alarms a day; seconds until x2, x3, x5 is seen\n");
    for (Measure measure : List.of(Measure.LATENCY_P50, Measure.CPU, Measure.CALLS_PER_SECOND)) {
      for (Signal.Noise noise : NOISES) {
        double alarms = began(measure, noise, 0, 1, Long.MAX_VALUE).size() / (double) DAYS;
        assertThat(alarms).as("%s %s", measure, noise.name()).isLessThanOrEqualTo(0.5);
        table.append(
            String.format(Locale.ROOT, "%-17s %-20s %5.2f", measure, noise.name(), alarms));
        for (double factor : new double[] {2, 3, 5}) {
          long delay = delay(measure, noise, factor);
          table.append(delay < 0 ? "     -" : String.format(Locale.ROOT, " %5d", delay / 1_000));
          assertThat(factor < 5 || noise.deviation() > 0.3 || delay >= 0)
              .as("%s %s x%s is seen", measure, noise.name(), factor)
              .isTrue();
        }
        table.append('\n');
      }
    }
    System.out.print(table);
  }

  private static long delay(Measure measure, Signal.Noise noise, double factor) {
    long at = START + 2 * 3_600_000;
    boolean drops = measure == Measure.CALLS_PER_SECOND;
    return began(measure, noise, 7, drops ? 1 / factor : factor, at).stream()
        .mapToLong(began -> began.atMillis() - at)
        .filter(delay -> delay > 0)
        .findFirst()
        .orElse(-1);
  }

  private static List<SeriesEvent.Began> began(
      Measure measure, Signal.Noise noise, long seed, double factor, long changeMillis) {
    boolean counted = measure == Measure.CALLS_PER_SECOND;
    Signal signal = new Signal(noise, counted ? 20 : 100, seed);
    SeriesJudge judge = new SeriesJudge(0.01);
    List<SeriesEvent.Began> began = new ArrayList<>();
    long end = changeMillis == Long.MAX_VALUE ? START + DAYS * DAY : changeMillis + 1_800_000;
    for (long now = START; now < end; now += QUARTER_MINUTE) {
      double value = signal.at(now, QUARTER_MINUTE) * (now >= changeMillis ? factor : 1);
      double measured = counted ? signal.poisson(value * 15) / 15 : value;
      for (SeriesEvent event : judge.take(new SeriesSample(now, Map.of(measure, measured)))) {
        if (event instanceof SeriesEvent.Began begun) {
          began.add(begun);
        }
      }
    }
    return began;
  }
}
