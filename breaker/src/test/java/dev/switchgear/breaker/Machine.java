package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One breaker and a clock that the test moves. */
final class Machine {

  static final long START = 1_700_000_000_000L;

  final List<Transition> transitions = new ArrayList<>();
  Breaker breaker;
  long now = START;

  Machine() {
    this(BreakerPolicy.DEFAULT);
  }

  Machine(BreakerPolicy policy) {
    breaker = new Breaker("payments/charge", policy, now);
  }

  /** A machine whose dependency has just died under 100 calls a second. */
  static Machine open() {
    Machine machine = new Machine();
    machine.run(40, Samples.good(25));
    machine.run(4, Samples.bad(25));
    return machine;
  }

  /** The same after its back-off. */
  static Machine probing() {
    Machine machine = open();
    machine.passUntil(machine.state().untilMillis());
    return machine;
  }

  /** The same after its probes were well. */
  static Machine recovering() {
    Machine machine = probing();
    machine.run(1, Samples.good(10).andRefused(25));
    return machine;
  }

  /** Observes the same calls of the running epoch for so many intervals. */
  void run(int intervals, Samples each) {
    for (int i = 0; i < intervals; i++) {
      now += Samples.INTERVAL;
      observe(each.ofEpoch(breaker.epoch()));
    }
  }

  /** Observes calls of the last interval; says whether they were too late. */
  boolean observe(Samples calls) {
    return observeAsSent(calls.endingAt(now));
  }

  /** Observes calls of whatever time they claim to be of. */
  boolean observeAsSent(Samples calls) {
    Breaker.Observed observed = breaker.observe(calls.build(), now);
    note(observed.transition());
    return observed.late();
  }

  /** Observes two calls of the running epoch, both failed. */
  void observe(String service, Map<String, Long> errors, List<String> exemplars) {
    CallSample sample =
        new CallSample(
            service,
            service + "-1",
            now - Samples.INTERVAL,
            now,
            breaker.epoch(),
            2,
            errors,
            0,
            ExponentialHistogram.empty(),
            exemplars);
    note(breaker.observe(sample, now).transition());
  }

  Optional<Transition> command(Command.Kind kind, long issuedAt, long until) {
    return note(breaker.command(new Command(kind, "ana", "drill", issuedAt, until), now));
  }

  Optional<Transition> adopt(BreakerPolicy policy) {
    return note(breaker.adopt(policy, now));
  }

  Optional<Transition> tick() {
    return note(breaker.tick(now));
  }

  /** Lets time pass with a tick each 250 ms, as the detector does. */
  void pass(long millis) {
    passUntil(now + millis);
  }

  void passUntil(long millis) {
    while (now < millis) {
      now = Math.min(millis, now + Samples.INTERVAL);
      tick();
    }
  }

  /** Goes on as after a crash: from what was kept. */
  void restart() {
    breaker = Breaker.restore(breaker.id(), breaker.policy(), breaker.snapshot());
  }

  State state() {
    return breaker.state();
  }

  private Optional<Transition> note(Optional<Transition> transition) {
    transition.ifPresent(transitions::add);
    return transition;
  }
}
