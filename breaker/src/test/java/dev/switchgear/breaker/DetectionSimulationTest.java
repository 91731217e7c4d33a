package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long it takes to see that a dependency is ill, and how many calls that costs, over call
 * rates, error shares and numbers of callers. Prints the table.
 */
class DetectionSimulationTest {

  private static final double BACKGROUND = 0.001;
  private static final long WARM_UP = 60_000;
  private static final int RUNS = 5;

  /** Runs until a trip, from the moment the dependency fell ill; -1 for none. */
  private record Detection(long delayMillis, long failed) {}

  @Test
  void theTableOfDelays() {
    StringBuilder table = new StringBuilder();
    table.append(
        "Detection of a rising error share (10 % accepted), median of 5 runs:\n"
            + " calls/s  errors |  1 caller: delay s, failed calls | 10 callers        |"
            + " 100 callers\n");
    for (double rate : new double[] {0.1, 1, 10, 100, 1_000, 10_000}) {
      for (double share : new double[] {0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1}) {
        table.append(String.format(Locale.ROOT, "%8.1f %6.0f%% ", rate, share * 100));
        for (int callers : new int[] {1, 10, 100}) {
          List<Detection> seen = detections(rate, share, callers);
          if (share <= 0.05) {
            assertThat(seen).as("trips at %s %s %s", rate, share, callers).isEmpty();
          }
          if (share >= 0.5) {
            assertThat(seen).as("trips at %s %s %s", rate, share, callers).hasSize(RUNS);
          }
          table.append(cell(seen));
        }
        table.append('\n');
      }
    }
    System.out.print(table);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 30, 100, 1_000})
  void atAHundredCallsASecondADeadDependencyCostsAtMostFiftyCalls(int callers) {
    for (int seed = 0; seed < 200; seed++) {
      Detection seen = detect(Fleet.steady(100, callers, BreakerPolicy.DEFAULT, seed), 100, 1);
      assertThat(seen.failed()).as("failed calls, seed %s", seed).isBetween(1L, 50L);
    }
  }

  /** Up to two reports pass until it is seen; chance may put more than their share into them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 30, 100, 1_000})
  void andSoItDoes_inNinetyNineOfAHundredCases_whereCallsComeAtRandom(int callers) {
    int dearer = 0;
    for (int seed = 0; seed < 200; seed++) {
      Detection seen = detect(Fleet.random(100, callers, BreakerPolicy.DEFAULT, seed), 100, 1);
      dearer += seen.failed() > 50 ? 1 : 0;
    }
    assertThat(dearer).as("of 200 cases").isLessThanOrEqualTo(2);
  }

  private static List<Detection> detections(double rate, double share, int callers) {
    List<Detection> seen = new ArrayList<>();
    for (int seed = 0; seed < RUNS; seed++) {
      Fleet fleet = Fleet.random(rate, callers, BreakerPolicy.DEFAULT, seed);
      Detection detection = detect(fleet, rate, share);
      if (detection.delayMillis() >= 0) {
        seen.add(detection);
      }
    }
    return seen;
  }

  private static Detection detect(Fleet fleet, double rate, double share) {
    assertThat(fleet.tripsWithin(WARM_UP, BACKGROUND)).isFalse();
    long before = fleet.failedInAll();
    long began = fleet.now();
    long horizon = (long) Math.max(10_000, Math.min(3_600_000, 5_000_000 / rate));
    return fleet.tripsWithin(horizon, share)
        ? new Detection(fleet.now() - began, fleet.failedInAll() - before)
        : new Detection(-1, fleet.failedInAll() - before);
  }

  private static String cell(List<Detection> seen) {
    if (seen.size() <= RUNS / 2) {
      return String.format(Locale.ROOT, "| %12s %d of %d ", "trips:", seen.size(), RUNS);
    }
    long delay =
        seen.stream().mapToLong(Detection::delayMillis).sorted().toArray()[seen.size() / 2];
    long failed = seen.stream().mapToLong(Detection::failed).sorted().toArray()[seen.size() / 2];
    return String.format(Locale.ROOT, "| %9.3f %9d ", delay / 1e3, failed);
  }
}
