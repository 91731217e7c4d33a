package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.State;

/**
 * What becomes of recorded calls under a breaker that was not there. The share that it admits is
 * made, the rest refused; what was made would have fared as it did. Shares of calls are carried
 * over, not rounded away.
 */
final class Admission {

  private final Rehearsal rehearsal;
  private double admittedCarry;
  private double failedCarry;
  private long position;
  private double wanted;
  private double refused;

  Admission(Rehearsal rehearsal) {
    this.rehearsal = rehearsal;
  }

  /** How many of these calls are made now. */
  long admit(long calls) {
    admittedCarry += calls * (rehearsal.admittedShare() / (double) State.FULL_SHARE);
    long admitted = Math.min(calls, (long) admittedCarry);
    admittedCarry -= admitted;
    wanted += calls;
    refused += calls - admitted;
    return admitted;
  }

  /** How many of the calls that are made fail. */
  long failed(long admitted, double share) {
    failedCarry += admitted * share;
    long failed = Math.min(admitted, (long) failedCarry);
    failedCarry -= failed;
    return failed;
  }

  /** Goes through the shares in steps of the golden ratio: any stretch of them is spread evenly. */
  double nextShare() {
    position++;
    double turn = position * 0.6180339887498949;
    return turn - Math.floor(turn);
  }

  double wanted() {
    return wanted;
  }

  double refused() {
    return refused;
  }
}
