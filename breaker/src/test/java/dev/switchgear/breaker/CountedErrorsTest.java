package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.BreakerPolicy.Errors;
import dev.switchgear.breaker.policy.BreakerPolicy.Slowness;
import dev.switchgear.breaker.policy.BreakerPolicy.Timeout;
import dev.switchgear.breaker.policy.BreakerPolicy.Windows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which failures count, how much, and what else a policy says of the evidence. */
class CountedErrorsTest {

  private static final long SLOW = 5_000_000_000L;

  private static BreakerPolicy with(Slowness slowness, Windows windows, Timeout timeout) {
    BreakerPolicy d = BreakerPolicy.DEFAULT;
    return new BreakerPolicy(
        1,
        true,
        d.errors(),
        slowness,
        d.falseTripsPerDay(),
        d.backOff(),
        d.probes(),
        d.ramp(),
        windows,
        timeout,
        d.staleAfter());
  }

  /** Intervals of two failed calls until it opens; at most 200. */
  private static int intervals(Machine machine, String errorType) {
    int intervals = 0;
    while (machine.transitions.isEmpty() && intervals < 200) {
      machine.now += 250;
      machine.observe("checkout", Map.of(errorType, 2L), List.of());
      intervals++;
    }
    return intervals;
  }

  @Test
  void whatIsTheCallersOwnDoingNeverTrips() {
    for (String type : List.of("404", "java.util.concurrent.CancellationException")) {
      assertThat(intervals(new Machine(), type)).isEqualTo(200);
    }
    assertThat(intervals(new Machine(), "429")).isLessThan(20);
  }

  @Test
  void refusedConnectionsTripSooner_andTheReasonSaysThatTheyCountTwice() {
    Machine refused = new Machine();
    assertThat(intervals(refused, "ConnectException"))
        .isLessThan(intervals(new Machine(), "SocketTimeoutException"));
    assertThat(refused.transitions.get(0).reason())
        .endsWith("mostly ConnectException, counted twice");
  }

  @Test
  void neverAreMoreFailuresCountedThanCalls() {
    Machine machine = new Machine();
    intervals(machine, "ConnectException");
    Transition opened = machine.transitions.get(0);
    assertThat(opened.totals().errors()).isEqualTo(opened.totals().calls());
    assertThat(opened.details().badByService()).isEqualTo(opened.details().callsByService());
  }

  @Test
  void anErrorThatIsIgnoredDoesNotCountTwice() {
    Set<String> types = Set.of("refused");
    Machine machine = new Machine(Policies.with(new Errors(0.1, types, types), 0.001));
    assertThat(intervals(machine, "ConnectException")).isEqualTo(200);
  }

  @Test
  void doubledErrorsHalveTheShareThatIsAccepted() {
    Machine once = new Machine(Policies.with(new Errors(0.1, Set.of(), Set.of()), 0.001));
    Machine twice = new Machine(Policies.with(new Errors(0.1, Set.of(), Set.of("timeout")), 0.001));
    once.run(800, Samples.good(90).andBad(10));
    twice.run(800, Samples.good(90).andBad(10));
    assertThat(once.transitions).isEmpty();
    assertThat(twice.state()).isNotInstanceOf(Closed.class);
  }

  @Test
  void whereOnlyTheFloorCounts_slowCallsTripFromTheFirstOn() {
    BreakerPolicy d = BreakerPolicy.DEFAULT;
    Slowness floorOnly = new Slowness(Duration.ofSeconds(1), 0, 0.2);
    Machine machine = new Machine(with(floorOnly, d.windows(), d.timeout()));
    machine.run(4, Samples.good(25).taking(SLOW));
    assertThat(machine.transitions.get(0).symptom().orElseThrow().kind())
        .isEqualTo(Symptom.Kind.SLOWNESS);
  }

  @Test
  void theLongerTheStretchThatMustAgree_theLaterAnOutageTrips() {
    BreakerPolicy d = BreakerPolicy.DEFAULT;
    Windows long_ = new Windows(Duration.ofSeconds(30));
    Machine patient = new Machine(with(d.slowness(), long_, d.timeout()));
    Machine quick = new Machine();
    for (Machine machine : List.of(patient, quick)) {
      machine.run(120, Samples.good(25));
      machine.run(4, Samples.bad(25));
    }
    assertThat(patient.transitions).isEmpty();
    assertThat(quick.state()).isInstanceOf(Open.class);
    patient.run(12, Samples.bad(25));
    assertThat(patient.state()).isInstanceOf(Open.class);
    assertThat(patient.transitions.get(0).totals().calls()).isGreaterThan(2_500);
  }

  @Test
  void theRecommendedTimeoutStaysWithinItsBounds() {
    BreakerPolicy d = BreakerPolicy.DEFAULT;
    Timeout between = new Timeout(2, Duration.ofMillis(300), Duration.ofMillis(400));
    Machine machine = new Machine(with(d.slowness(), d.windows(), between));
    machine.run(40, Samples.good(25));
    assertThat(machine.breaker.recommendedTimeoutNanos()).contains(300e6);
    machine.adopt(d);
    assertThat(machine.breaker.recommendedTimeoutNanos().orElseThrow()).isLessThan(20e6);
  }
}
