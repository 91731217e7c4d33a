package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import java.util.List;

/** A part of an observed breaker's calls, judged apart as the detector does. */
final class ObservedPart implements Replayed {

  private final Scope scope;
  private final Rehearsal rehearsal;
  private final Admission admission;
  private long samples;
  private double wanted;
  private double refused;
  private long late;

  ObservedPart(String id, Scope scope, BreakerPolicy policy, long fromMillis) {
    this.scope = scope;
    this.rehearsal = new Rehearsal(id, policy, fromMillis);
    this.admission = new Admission(rehearsal);
  }

  void passTo(long nowMillis) {
    rehearsal.passTo(nowMillis);
  }

  boolean keepsItsCalls() {
    return rehearsal.keepsItsCalls();
  }

  int admittedShare() {
    return rehearsal.admittedShare();
  }

  /** What it lets through where it is the tightest that binds a call. */
  Admission admission() {
    return admission;
  }

  /**
   * Calls of this part were made.
   *
   * @param calls how many were wanted
   * @param whole which has taken them
   * @param kept whether a part keeps them, which is closed no more
   */
  void take(long calls, CallSample made, Rehearsal whole, boolean kept) {
    samples++;
    wanted += calls;
    refused += calls - made.calls();
    boolean ofAnother = kept && !keepsItsCalls();
    boolean inTime =
        ofAnother ? rehearsal.observeDemand(made) : rehearsal.observe(made, whole, scope);
    late += inTime ? 0 : 1;
  }

  @Override
  public List<Hindsight.Move> moves() {
    return rehearsal.moves();
  }

  @Override
  public List<FeltSymptom> felt() {
    return rehearsal.felt();
  }

  @Override
  public Hindsight.Judgement judgement() {
    return rehearsal.judgement(samples, wanted, refused, late, true);
  }
}
