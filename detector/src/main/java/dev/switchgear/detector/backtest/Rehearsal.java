package dev.switchgear.detector.backtest;

import static java.util.Objects.requireNonNull;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.Open;
import dev.switchgear.breaker.Shadow;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.Transition;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One breaker as it would have been, and what was seen on its way. */
final class Rehearsal {

  /** Between two ticks of the detector this much time passes at most while a timer runs. */
  private static final long TICK_MILLIS = 100;

  private final Breaker breaker;
  private final List<Hindsight.Move> moves = new ArrayList<>();
  private final List<FeltSymptom> felt = new ArrayList<>();
  private final long fromMillis;
  private @Nullable FeltSymptom tripped;
  private long nowMillis;
  private long notClosedMillis;
  private int trips;
  private long late;

  Rehearsal(String id, BreakerPolicy policy, long fromMillis) {
    this.breaker = new Breaker(id, policy, fromMillis);
    this.fromMillis = fromMillis;
    this.nowMillis = fromMillis;
  }

  /** Lets time pass. */
  void passTo(long millis) {
    while (nowMillis < millis) {
      long step = breaker.hasTimer() ? TICK_MILLIS : millis - nowMillis;
      step = Math.min(step, millis - nowMillis);
      if (!closed()) {
        notClosedMillis += step;
      }
      nowMillis += step;
      moved(breaker.tick(nowMillis));
    }
  }

  /** Shows it calls. */
  void observe(CallSample sample) {
    observe(sample, Map.of());
  }

  /** Shows calls to it and to those of the parts that they belong to. */
  void observe(CallSample sample, Map<Scope, Rehearsal> parts) {
    Map<Scope, Breaker.Part> apart = new EnumMap<>(Scope.class);
    parts.forEach(
        (scope, part) -> apart.put(scope, new Breaker.Part(part.breaker, part.breaker.epoch())));
    Breaker.Shared observed = breaker.observe(sample.ofEpoch(breaker.epoch()), apart, nowMillis);
    took(observed.whole());
    observed.parts().forEach((scope, each) -> requireNonNull(parts.get(scope)).took(each));
  }

  private void took(Breaker.Observed observed) {
    late += observed.late() ? 1 : 0;
    moved(observed.transition());
  }

  /** Share of calls that it lets through, per ten thousand. */
  int admittedShare() {
    return breaker.state().admittedShare();
  }

  Breaker breaker() {
    return breaker;
  }

  long fromMillis() {
    return fromMillis;
  }

  long nowMillis() {
    return nowMillis;
  }

  List<Hindsight.Move> moves() {
    return moves;
  }

  /** The symptoms for which it tripped; the last may be felt still. */
  List<FeltSymptom> felt() {
    List<FeltSymptom> all = new ArrayList<>(felt);
    if (tripped != null) {
      all.add(tripped);
    }
    return all;
  }

  Hindsight.Judgement judgement(long samples, double calls, double refused, boolean part) {
    return new Hindsight.Judgement(
        breaker.id(),
        fromMillis,
        nowMillis,
        samples,
        calls,
        refused,
        trips,
        notClosedMillis,
        late,
        part);
  }

  private boolean closed() {
    return judged(breaker.state()) instanceof Closed;
  }

  private void moved(Optional<Transition> transition) {
    transition.ifPresent(this::moved);
  }

  private void moved(Transition change) {
    moves.add(new Hindsight.Move(breaker.id(), change));
    State to = judged(change.to());
    if (to instanceof Open) {
      trips++;
    }
    if (to instanceof Closed && tripped != null) {
      felt.add(tripped.until(change.atMillis()));
      tripped = null;
    }
    if (tripped == null && change.symptom().isPresent()) {
      tripped = felt(change, change.symptom().get());
    }
  }

  private FeltSymptom felt(Transition change, Symptom symptom) {
    double share = symptom.bad() / (double) Math.max(1, symptom.calls());
    var evidence =
        new FeltSymptom.Evidence(
            symptom.test() instanceof Symptom.Excess excess
                ? excess.sinceMillis()
                : change.atMillis(),
            "calls",
            share,
            symptom.acceptedShare(),
            symptom.strength(),
            symptom.strengthWanted(),
            symptom.describe());
    return new FeltSymptom(breaker.id(), symptom.kind(), change.atMillis(), null, evidence);
  }

  private static State judged(State state) {
    return state instanceof Shadow shadow ? shadow.judged() : state;
  }
}
