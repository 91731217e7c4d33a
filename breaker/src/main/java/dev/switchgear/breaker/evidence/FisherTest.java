package dev.switchgear.breaker.evidence;

/**
 * Whether calls of one kind are bad more often than the others: the exact one-sided test of R. A.
 * Fisher ("The logic of inductive inference", Journal of the Royal Statistical Society 98, 1935).
 * Given how many calls there are of each kind and how many of all are bad, the bad ones of the one
 * kind are hypergeometric if the kind makes no difference; what counts is the chance that they are
 * as many as they are, or more. It asks for no minimum of calls, which a handful of failures does
 * not have.
 */
final class FisherTest {

  /** Terms fall off at least geometrically; what is smaller than this part adds nothing. */
  private static final double NEGLIGIBLE = 1e-12;

  /** Below this Stirling's series is not exact enough, and a sum is short. */
  private static final int SMALL = 16;

  private FisherTest() {}

  /**
   * Natural logarithm of that chance: 0 where the calls are not bad more often than the others.
   *
   * @param calls of the one kind
   * @param bad how many of them are bad
   * @param otherCalls all others
   * @param otherBad how many of them are bad
   */
  static double logChance(long calls, long bad, long otherCalls, long otherBad) {
    if ((double) bad * otherCalls <= (double) otherBad * calls) {
      return 0;
    }
    long all = calls + otherCalls;
    long allBad = bad + otherBad;
    double first =
        logChoices(calls, bad) + logChoices(otherCalls, otherBad) - logChoices(all, allBad);
    return Math.min(0, first + Math.log(tail(calls, bad, otherCalls, otherBad)));
  }

  /** The sum of all terms from the observed one up, as multiples of it. */
  private static double tail(long calls, long bad, long otherCalls, long otherBad) {
    double sum = 1;
    double term = 1;
    long most = Math.min(calls, bad + otherBad);
    for (long k = bad; k < most && term > NEGLIGIBLE * sum; k++) {
      double left = bad + otherBad - k;
      double good = otherCalls - left + 1;
      term *= (calls - k) / (k + 1.0) * (left / good);
      sum += term;
    }
    return sum;
  }

  private static double logChoices(long n, long k) {
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  }

  /** Stirling's series; its first neglected term is below 1e-9 from {@value #SMALL} on. */
  private static double logFactorial(long n) {
    if (n < SMALL) {
      double sum = 0;
      for (long i = 2; i <= n; i++) {
        sum += Math.log((double) i);
      }
      return sum;
    }
    double x = (double) n;
    double series = (1 - (1 / 30.0 - 1 / (105 * x * x)) / (x * x)) / (12 * x);
    return x * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI * x) + series;
  }
}
