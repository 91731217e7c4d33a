package dev.switchgear.benchmarks.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeersTest {

  /** More than any window of calls, and than what any breaker wants to have seen. */
  private static final int CALLS = 10 * Dependency.CALLS;

  private static final Resilience4jCalls RESILIENCE4J = new Resilience4jCalls();
  private static final FailsafeCalls FAILSAFE = new FailsafeCalls();
  private static final SentinelCalls SENTINEL = sentinel();
  private static final HystrixCalls HYSTRIX = hystrix();
  private static final ArmeriaCalls ARMERIA = new ArmeriaCalls();

  private interface Failing {
    Object call(Turns turns) throws Exception;
  }

  private static SentinelCalls sentinel() {
    SentinelCalls calls = new SentinelCalls();
    calls.load();
    return calls;
  }

  private static HystrixCalls hystrix() {
    HystrixCalls calls = new HystrixCalls();
    calls.failUntilOpen();
    return calls;
  }

  private static Stream<Callable<Object>> letThrough() {
    return Stream.of(
        RESILIENCE4J::closed,
        RESILIENCE4J::lockFree,
        RESILIENCE4J::composed,
        FAILSAFE::closed,
        FAILSAFE::closedAlone,
        FAILSAFE::composed,
        SENTINEL::closed,
        SENTINEL::composed,
        HYSTRIX::closed,
        ARMERIA::closed,
        ARMERIA::composed);
  }

  private static Stream<Callable<Object>> open() {
    return Stream.of(
        RESILIENCE4J::open,
        RESILIENCE4J::openStackless,
        FAILSAFE::open,
        FAILSAFE::openAlone,
        SENTINEL::open,
        HYSTRIX::open,
        ARMERIA::open);
  }

  private static Stream<Failing> failing() {
    return Stream.of(
        RESILIENCE4J::failing,
        FAILSAFE::failing,
        SENTINEL::failing,
        HYSTRIX::failing,
        ARMERIA::failing);
  }

  @ParameterizedTest
  @MethodSource("letThrough")
  void aClosedBreakerLetsCallsThrough(Callable<Object> call) throws Exception {
    assertThat(call.call()).isEqualTo(Dependency.ANSWER);
  }

  @ParameterizedTest
  @MethodSource("open")
  void anOpenBreakerRefuses(Callable<Object> call) throws Exception {
    assertThat(call.call()).isEqualTo(Dependency.FALLBACK);
  }

  @ParameterizedTest
  @MethodSource("failing")
  void everyOtherCallFails_andTheBreakerStaysClosed(Failing calls) throws Exception {
    Turns turns = new Turns();
    List<Object> answers = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      answers.add(calls.call(turns));
    }
    assertThat(answers).filteredOn(Dependency.ANSWER::equals).hasSize(CALLS / 2);
    assertThat(answers).filteredOn(Dependency.FALLBACK::equals).hasSize(CALLS / 2);
  }
}
