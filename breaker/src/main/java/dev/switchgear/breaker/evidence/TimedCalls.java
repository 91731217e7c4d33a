package dev.switchgear.breaker.evidence;

import org.jspecify.annotations.Nullable;

/**
 * Makes the timed calls of callers comparable, where some time each call and others, because they
 * call very often, only a random part.
 *
 * <p>A timed call of a caller that times one in eight stands for eight. Counting it eight times
 * would be evidence that nobody has, and would break the bounds of the tests. So it counts once,
 * and the timed calls of a caller that times all of its own count an eighth each: the share of slow
 * calls is that of all calls, whoever made them (the ratio estimator of stratified sampling; W. G.
 * Cochran, "Sampling Techniques", 3rd edition, 1977, chapter 6). An eighth of the evidence of a
 * call keeps the bound of {@link ExcessTest}: where the mean of a factor is at most 1, that of its
 * eighth root is too. Fractions of calls are carried on to the next sample, so that counts stay
 * whole. Where nobody leaves calls untimed, everything counts as it is; where somebody does, calls
 * of which none was timed do not count. Not thread-safe.
 */
public final class TimedCalls {

  /** Guards report every quarter of a second; whoever missed two reports no longer sets the bar. */
  private static final long SILENT_MILLIS = 600;

  /** Whose timed calls stand for most; null where none of the last stood for more than itself. */
  private @Nullable Caller sparsest;

  private double mostStoodFor = 1;
  private long heardMillis;
  private double goodLeft;
  private double slowLeft;

  /**
   * Calls that count when slowness is judged.
   *
   * @param calls how many, at most as many as were timed
   * @param slow how many of them were slow
   * @param slowOfAll how many of all calls of the sample were slow, as far as the timed ones tell
   */
  public record Counts(long calls, long slow, long slowOfAll) {

    /** Of calls that were all timed. */
    public static Counts ofAll(long calls, long slow) {
      return new Counts(calls, slow, slow);
    }
  }

  /** What counts of a sample, {@code slow} of whose timed calls were so. */
  public Counts of(CallSample sample, long slow, long nowMillis) {
    long timed = sample.timed();
    if (mostStoodFor > 1 && sample.latencyNanos().count() == 0) {
      return Counts.ofAll(0, 0);
    }
    if (timed == 0 || (timed == sample.calls() && mostStoodFor == 1)) {
      return Counts.ofAll(timed, slow);
    }
    double standsFor = sample.calls() / (double) timed;
    compare(sample.caller(), standsFor, nowMillis);
    long slowOfAll = Math.round(slow * standsFor);
    double weight = standsFor / mostStoodFor;
    if (weight >= 1) {
      return new Counts(timed, slow, slowOfAll);
    }
    goodLeft += (timed - slow) * weight;
    slowLeft += slow * weight;
    long wholeGood = (long) goodLeft;
    long wholeSlow = (long) slowLeft;
    goodLeft -= wholeGood;
    slowLeft -= wholeSlow;
    return new Counts(wholeGood + wholeSlow, wholeSlow, slowOfAll);
  }

  /** The bar is the newest word of whoever times least; when that one times more, it falls. */
  private void compare(Caller caller, double standsFor, long nowMillis) {
    boolean silent = Math.abs(nowMillis - heardMillis) > SILENT_MILLIS;
    if (standsFor >= mostStoodFor || silent || caller.equals(sparsest)) {
      sparsest = caller;
      mostStoodFor = standsFor;
      heardMillis = nowMillis;
    }
  }

  /** Forgets who times how many. */
  public void clear() {
    sparsest = null;
    mostStoodFor = 1;
    goodLeft = 0;
    slowLeft = 0;
  }
}
