package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What holds whatever happens, in whatever order. How many sequences are tried is set by {@code
 * jqwik.tries.default}: {@code ./mvnw -pl breaker test -Dtest='*PropertyTest'
 * -Djqwik.tries.default=1000000}.
 */
class AnythingCanHappenPropertyTest {

  @Property(edgeCases = EdgeCasesMode.NONE)
  void eachStepKeepsTheRules_andEverythingEnds(
      @ForAll("sequences") List<Event> events, @ForAll("policies") int policy) {
    Trial trial = new Trial(Policies.ALL.get(policy), true);
    trial.run(events);
    trial.everythingEnds();
    trial.closesOnceWell();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aRestoredBreakerGoesOnLikeOneThatNeverStopped(@ForAll("sequences") List<Event> events) {
    Trial steady = new Trial(Policies.DEFAULT, false);
    Trial restarted = new Trial(Policies.DEFAULT, true);
    steady.run(events);
    restarted.run(events);
    assertThat(decisions(restarted)).isEqualTo(decisions(steady));
    assertThat(Kept.of(restarted.breaker())).isEqualTo(Kept.of(steady.breaker()));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void theSameEventsGiveTheSameTransitions(@ForAll("sequences") List<Event> events) {
    Trial one = new Trial(Policies.DEFAULT, true);
    Trial other = new Trial(Policies.DEFAULT, true);
    one.run(events);
    other.run(events);
    assertThat(one.transitions.toString().replaceAll("ExponentialHistogram@\\w+", ""))
        .isEqualTo(other.transitions.toString().replaceAll("ExponentialHistogram@\\w+", ""));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void callsOfAnotherEpochChangeNothingAtAll(
      @ForAll("sequences") List<Event> events, @ForAll("strangers") Event.Calls stranger) {
    Trial trial = new Trial(Policies.DEFAULT, true);
    trial.run(events);
    Breaker breaker = trial.breaker();
    if (breaker.epoch() == 0) {
      return;
    }
    List<Object> before = Kept.of(breaker);
    trial.step(stranger);
    assertThat(Kept.of(breaker)).isEqualTo(before);
  }

  @Provide
  Arbitrary<List<Event>> sequences() {
    return Event.sequences(60);
  }

  @Provide
  Arbitrary<Integer> policies() {
    return Arbitraries.integers().between(0, Policies.ALL.size() - 1);
  }

  /** Calls of older and of later epochs. */
  @Provide
  Arbitrary<Event.Calls> strangers() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 5, -1),
            Arbitraries.longs().between(-90_000, 5_000),
            Arbitraries.integers().between(0, 10_000),
            Arbitraries.integers().between(0, 100))
        .as(
            (epochsAgo, from, calls, failed) ->
                new Event.Calls(epochsAgo, from, 250, calls, failed, 0, true, true));
  }

  private static List<List<Object>> decisions(Trial trial) {
    List<List<Object>> decisions = new ArrayList<>();
    for (Transition t : trial.transitions) {
      decisions.add(List.of(t.epoch(), t.from(), t.to(), t.atMillis(), t.totals(), t.who()));
    }
    return decisions;
  }
}
