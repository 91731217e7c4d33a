package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Window;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Drives a breaker through events and checks each step against what must hold whatever happens. It
 * keeps its own count of the calls that are evidence, and works out from that what they prove.
 */
final class Trial {

  private static final double PROOF = Math.log(100);

  final List<Transition> transitions = new ArrayList<>();
  private final boolean restarts;
  private Breaker breaker;
  private long now = Machine.START;
  private @Nullable Command lastCommand;
  private long newestObeyed;
  private long calls;
  private long failed;

  /**
   * A breaker at rest.
   *
   * @param restarts whether {@link Event.Restart} does anything
   */
  Trial(BreakerPolicy policy, boolean restarts) {
    this.restarts = restarts;
    this.breaker = new Breaker("payments/charge", policy, now);
  }

  Breaker breaker() {
    return breaker;
  }

  void run(List<Event> events) {
    events.forEach(this::step);
  }

  void step(Event event) {
    if (event instanceof Event.Calls seen) {
      observe(seen);
    } else if (event instanceof Event.Tick) {
      tick();
    } else if (event instanceof Event.Pass pass) {
      now += pass.millis();
    } else if (event instanceof Event.Order order) {
      command(order.command(now));
    } else if (event instanceof Event.Reread && lastCommand != null) {
      assertThat(command(lastCommand)).as("a command read twice").isEmpty();
    } else if (event instanceof Event.Adopt other) {
      adopt(Policies.ALL.get(other.policy()));
    } else if (event instanceof Event.Restart && restarts) {
      breaker = Breaker.restore(breaker.id(), breaker.policy(), breaker.snapshot());
    }
  }

  /** Nobody calls: what has an end ends. */
  void everythingEnds() {
    for (int i = 0; i < 40 && ends(state()); i++) {
      now = held(state()) ? Math.max(now, state().untilMillis()) : now + 30 * Event.SECOND;
      tick();
    }
    assertThat(ends(state())).as("still %s", state()).isFalse();
  }

  /** The dependency is well: sooner or later all its calls pass again. */
  void closesOnceWell() {
    for (int i = 0; i < 60 && !(unshadowed(state()) instanceof Closed); i++) {
      now += 15 * Event.SECOND;
      observe(new Event.Calls(0, -250, 250, 60, 0, 60, false, false));
      tick();
    }
    assertThat(unshadowed(state())).as("after %s", transitions).isInstanceOf(Closed.class);
  }

  private static boolean ends(State state) {
    return unshadowed(state) instanceof Open || held(state);
  }

  private void observe(Event.Calls seen) {
    CallSample sample = seen.sample(breaker.epoch(), now);
    Before before = new Before();
    boolean ofThisEpoch = ofThisEpoch(sample);
    Breaker.Observed observed = breaker.observe(sample, now);
    if (!observed.late() && ofThisEpoch) {
      calls += sample.calls();
      failed += seen.failed() + ignoredThatCount(seen);
    }
    if (observed.late() || !ofThisEpoch || sample.calls() == 0) {
      assertThat(observed.transition()).as("no evidence, no change").isEmpty();
    }
    check(before, observed.transition());
  }

  private long ignoredThatCount(Event.Calls seen) {
    boolean ignored = breaker.policy().errors().ignored().contains("not-found");
    return seen.ignored() && !ignored ? seen.calls() - seen.failed() : 0;
  }

  private boolean ofThisEpoch(CallSample sample) {
    if (sample.epoch() != CallSample.NO_EPOCH) {
      return sample.epoch() == breaker.epoch();
    }
    boolean clockSetBack = breaker.sinceMillis() > now + 2_000;
    long since = clockSetBack ? now - 2_000 : breaker.sinceMillis();
    return breaker.epoch() == 0 || sample.fromMillis() >= since;
  }

  private void tick() {
    Before before = new Before();
    check(before, breaker.tick(now));
  }

  private Optional<Transition> command(Command command) {
    Before before = new Before();
    Optional<Transition> transition = breaker.command(command, now);
    if (command.issuedAtMillis() < newestObeyed && newestObeyed <= now) {
      assertThat(transition).as("an older command").isEmpty();
    } else {
      newestObeyed = command.issuedAtMillis();
      lastCommand = command;
    }
    transition.ifPresent(done -> assertThat(done.who()).contains("ana"));
    check(before, transition);
    return transition;
  }

  private void adopt(BreakerPolicy policy) {
    BreakerPolicy older = breaker.policy();
    Before before = new Before();
    Optional<Transition> transition = breaker.adopt(policy, now);
    if (older.errors().acceptedShare() != policy.errors().acceptedShare()
        || older.slowness().acceptedShare() != policy.slowness().acceptedShare()) {
      calls = 0;
      failed = 0;
    }
    if (before.since <= now + 2_000) {
      assertThat(unshadowed(state())).as("a policy moves no state").isEqualTo(before.judged);
    }
    check(before, transition);
  }

  private State state() {
    return breaker.state();
  }

  private void check(Before before, Optional<Transition> transition) {
    if (transition.isEmpty()) {
      assertThat(breaker.epoch()).isEqualTo(before.epoch);
      assertThat(state()).isEqualTo(before.state);
      return;
    }
    Transition done = transition.get();
    transitions.add(done);
    assertThat(breaker.epoch()).isEqualTo(before.epoch + 1);
    assertThat(done.epoch()).isEqualTo(breaker.epoch());
    assertThat(done.from()).isEqualTo(before.state);
    assertThat(done.to()).isEqualTo(state());
    assertThat(done.atMillis()).isEqualTo(now).isEqualTo(breaker.sinceMillis());
    assertThat(state().admittedShare()).isBetween(0, State.FULL_SHARE);
    if (unshadowed(state()).admittedShare() > before.judged.admittedShare()) {
      checkRise(before, done);
    }
    calls = 0;
    failed = 0;
  }

  /** Without an operator's word, only a timer or proof lets more calls through. */
  private void checkRise(Before before, Transition done) {
    State to = unshadowed(done.to());
    boolean holdEnds = held(before.state) && now >= before.state.untilMillis();
    if (done.who().isPresent() || holdEnds) {
      return;
    }
    assertThat(before.judged).isNotInstanceOf(Closed.class);
    if (to instanceof Probing) {
      double demand = breaker.snapshot().slices().stream().mapToLong(this::wanted).sum() / 60.0;
      double admitted = demand * to.admittedShare() / State.FULL_SHARE;
      double budget = breaker.policy().probes().perSecond();
      assertThat(to.admittedShare() == 1 || admitted <= 2 * budget)
          .as("%s of %s calls/s pass, probes have %s", admitted, demand, budget)
          .isTrue();
    } else {
      assertThat(before.judged).isInstanceOfAny(Probing.class, Recovering.class);
      double accepted = breaker.policy().errors().acceptedShare();
      double ill = (1 + accepted) / 2;
      double logOdds =
          failed * Math.log(ill / accepted)
              + (calls - failed) * Math.log((1 - ill) / (1 - accepted));
      assertThat(logOdds).as("%s of %s failed", failed, calls).isLessThanOrEqualTo(-PROOF + 1e-9);
    }
  }

  private long wanted(Window.Slice slice) {
    boolean recent = slice.index() > now / 1_000 - 60 && slice.index() <= (now + 2_000) / 1_000;
    return recent ? slice.totals().calls() + slice.totals().refusals() : 0;
  }

  private static boolean held(State state) {
    return state instanceof HeldOpen
        || state instanceof HeldClosed
        || (state instanceof Shadow shadow && shadow.hold() != null);
  }

  private static State unshadowed(State state) {
    return state instanceof Shadow shadow ? shadow.judged() : state;
  }

  /** What the breaker was before a step. */
  private final class Before {
    final State state = breaker.state();
    final State judged = unshadowed(state);
    final long epoch = breaker.epoch();
    final long since = breaker.sinceMillis();
  }
}
