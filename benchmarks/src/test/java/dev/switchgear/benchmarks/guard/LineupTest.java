package dev.switchgear.benchmarks.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.alibaba.csp.sentinel.SphU;
import com.netflix.hystrix.HystrixCommand;
import dev.failsafe.Failsafe;
import dev.switchgear.benchmarks.guard.Contender.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

  /** A table that named another than was measured would be believed. */
  @ParameterizedTest
  @MethodSource("dependencies")
  void aTitleNamesTheVersionThatIsMeasured(String library, Class<?> dependency) {
    Path jar = Path.of(dependency.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<String> versions =
        Lineup.all().stream()
            .map(Contender::title)
            .filter(title -> title.matches(library + " [0-9.]+"))
            .map(title -> title.substring(library.length() + 1))
            .distinct()
            .toList();

    assertThat(versions)
        .singleElement()
        .satisfies(version -> assertThat(jar.toString()).endsWith("-" + version + ".jar"));
  }

  static Stream<Arguments> dependencies() {
    return Stream.of(
        Arguments.of("resilience4j", io.github.resilience4j.circuitbreaker.CircuitBreaker.class),
        Arguments.of("failsafe", Failsafe.class),
        Arguments.of("sentinel", SphU.class),
        Arguments.of("hystrix", HystrixCommand.class),
        Arguments.of("armeria", com.linecorp.armeria.client.circuitbreaker.CircuitBreaker.class));
  }

  @Test
  void everyTitleFitsIntoTheTable() {
    assertThat(Lineup.all()).allMatch(each -> each.title().length() <= 30);
  }
}
