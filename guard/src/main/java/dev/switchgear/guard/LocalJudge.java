package dev.switchgear.guard;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.Transition;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.BreakerState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges one breaker by this instance's own calls while the fleet's word cannot reach it, with the
 * brain that the fleet is judged by. One thread uses it.
 *
 * <p>While the fleet is heard, it only learns what a healthy call is. When the fleet has been
 * silent for {@code staleAfter} it goes on from the state last obeyed. The fleet's word wins again
 * as soon as it is news, that is a higher epoch. A fleet that is heard again but has nothing new to
 * say has not seen what happened here meanwhile: what was decided here stays until it agrees with
 * the fleet's state by itself, for {@code staleAfter} at most. So nobody jumps back into a state
 * that is over.
 */
final class LocalJudge {

  private static final Logger LOG = LoggerFactory.getLogger(LocalJudge.class);

  private final Gate gate;
  private final BreakerPolicy policy;
  private @Nullable Breaker brain;
  private boolean inCharge;
  private long newsAtStart;
  private long heardAgainNanos;
  private boolean heardAgain;
  private long decisions;

  LocalJudge(Gate gate, BreakerPolicy policy) {
    this.gate = gate;
    this.policy = policy;
  }

  /**
   * Lets time pass.
   *
   * @param fleetHeard whether the fleet's word is there and can be trusted
   * @param samples the calls since last time, each of the {@link Epochs#local} it was admitted in
   */
  void tick(Reading now, boolean fleetHeard, List<CallSample> samples) {
    if (inCharge && isOver(now, fleetHeard)) {
      handOver(now);
    } else if (!inCharge && !fleetHeard && isConcerned(samples)) {
      takeOver(now);
    }
    if (inCharge) {
      samples.forEach(each -> judge(each, now));
      brain().tick(now.epochMillis()).ifPresent(moved -> decide(moved, now));
    } else {
      samples.forEach(each -> learn(each, now));
    }
  }

  boolean isInCharge() {
    return inCharge;
  }

  /** A breaker that nobody calls and the fleet has closed is judged when somebody calls. */
  private boolean isConcerned(List<CallSample> samples) {
    return !samples.isEmpty() || gate.fleetShare() < Entry.ALL;
  }

  private void takeOver(Reading now) {
    BreakerState obeyed = gate.fleetState();
    LOG.debug("The fleet is not heard: breaker {} is judged by this instance", gate.breaker());
    inCharge = true;
    heardAgain = false;
    newsAtStart = gate.news();
    brain = continued(LocalStates.adopted(obeyed, policy, now.epochMillis()), now);
    obey(obeyed == null ? "nothing is known of it" : obeyed.getReason(), now);
  }

  private boolean isOver(Reading now, boolean fleetHeard) {
    if (!fleetHeard) {
      heardAgain = false;
      return false;
    }
    if (gate.news() != newsAtStart) {
      return true;
    }
    if (!heardAgain) {
      heardAgain = true;
      heardAgainNanos = now.nanos();
    }
    boolean agrees = brain().state().admittedShare() == gate.fleetShare();
    return agrees || now.nanos() - heardAgainNanos >= gate.staleAfterNanos(policy);
  }

  private void handOver(Reading now) {
    LOG.debug("The fleet is heard again: breaker {} obeys it", gate.breaker());
    inCharge = false;
    gate.judgeLocally(null, 0);
    brain = continued(LocalStates.adopted(null, policy, now.epochMillis()), now);
  }

  private void judge(CallSample sample, Reading now) {
    brain().observe(sample, now.epochMillis()).transition().ifPresent(to -> decide(to, now));
  }

  private void decide(Transition moved, Reading now) {
    LOG.warn(
        "Breaker {} is {} for this instance, judged alone: {}",
        gate.breaker(),
        moved.to(),
        moved.reason());
    decisions = moved.epoch();
    obey(moved.reason(), now);
  }

  private void obey(String reason, Reading now) {
    BreakerState state =
        LocalStates.published(brain(), gate.fleetEpoch(), reason, now.epochMillis());
    gate.judgeLocally(state, brain().epoch());
  }

  /** Only what passes freely shows what is usual; what would open here is the fleet's to open. */
  private void learn(CallSample sample, Reading now) {
    if (gate.fleetShare() < Entry.ALL) {
      return;
    }
    CallSample own = sample.ofEpoch(brain(now).epoch());
    Optional<Transition> moved = brain().observe(own, now.epochMillis()).transition();
    if (moved.isPresent()) {
      decisions = moved.get().epoch();
      brain = continued(LocalStates.adopted(null, policy, now.epochMillis()), now);
    }
  }

  /** The brain in another state and epoch, with what it has learned. */
  private Breaker continued(State state, Reading now) {
    decisions++;
    long millis = now.epochMillis();
    Breaker.Snapshot learned = brain(now).snapshot();
    Breaker.Snapshot fresh = new Breaker(gate.breaker(), policy, millis).snapshot();
    return Breaker.restore(
        gate.breaker(),
        policy,
        new Breaker.Snapshot(
            state,
            decisions,
            millis,
            0,
            fresh.errorSums(),
            fresh.slowSums(),
            fresh.probed(),
            learned.slices(),
            learned.baseline(),
            Map.of(),
            fresh.versions()));
  }

  private Breaker brain(Reading now) {
    if (brain == null) {
      brain = new Breaker(gate.breaker(), policy, now.epochMillis());
    }
    return brain;
  }

  private Breaker brain() {
    if (brain == null) {
      throw new IllegalStateException(gate.breaker() + " is judged before it has been looked at");
    }
    return brain;
  }
}
