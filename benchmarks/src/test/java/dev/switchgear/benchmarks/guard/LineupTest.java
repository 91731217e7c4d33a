package dev.switchgear.benchmarks.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.benchmarks.guard.Contender.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class LineupTest {

  private static final List<Class<?>> CALLS =
      List.of(
          BareCalls.class,
          SwitchgearCalls.class,
          Resilience4jCalls.class,
          FailsafeCalls.class,
          SentinelCalls.class,
          HystrixCalls.class,
          ArmeriaCalls.class);

  private static Stream<String> benchmarks(Class<?> calls) {
    return Arrays.stream(calls.getMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .map(method -> calls.getName() + "." + method.getName());
  }

  @Test
  void everyBenchmarkIsMeasuredOnce() {
    assertThat(Lineup.all())
        .filteredOn(each -> each.kind() != Kind.SWITCHGEAR_TIMED)
        .extracting(Contender::benchmark)
        .containsExactlyInAnyOrderElementsOf(
            CALLS.stream().flatMap(LineupTest::benchmarks).toList());
  }

  @Test
  void whereEachCallIsTimed_someOfTheSameAreMeasured() {
    assertThat(Lineup.all())
        .filteredOn(each -> each.kind() == Kind.SWITCHGEAR_TIMED)
        .extracting(Contender::benchmark)
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .isSubsetOf(benchmarks(TimedSwitchgearCalls.class).toList());
  }

  @Test
  void everyScenarioButTheFloorHasOneToCompareWith() {
    for (Scenario scenario : Scenario.values()) {
      assertThat(Lineup.all())
          .filteredOn(each -> each.scenario() == scenario && each.kind() == Kind.SWITCHGEAR)
          .hasSize(scenario == Scenario.FLOOR ? 0 : 1);
    }
  }

  @Test
  void everyTitleFitsIntoTheTable() {
    assertThat(Lineup.all()).allMatch(each -> each.title().length() <= 30);
  }
}
