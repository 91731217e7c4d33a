package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.List;

/** A part of an observed breaker's calls, judged apart as the detector does. */
final class ObservedPart implements Replayed {

  private final Rehearsal rehearsal;
  private final Admission admission;
  private long samples;
  private double wanted;
  private double refused;

  ObservedPart(String id, BreakerPolicy policy, long fromMillis) {
    this.rehearsal = new Rehearsal(id, policy, fromMillis);
    this.admission = new Admission(rehearsal);
  }

  void passTo(long nowMillis) {
    rehearsal.passTo(nowMillis);
  }

  Rehearsal rehearsal() {
    return rehearsal;
  }

  int admittedShare() {
    return rehearsal.admittedShare();
  }

  /** What it lets through where it is the tightest that binds a call. */
  Admission admission() {
    return admission;
  }

  /** Calls of this part were wanted, and so many were made. */
  void count(long calls, long made) {
    samples++;
    wanted += calls;
    refused += calls - made;
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
    return rehearsal.judgement(samples, wanted, refused, true);
  }
}
