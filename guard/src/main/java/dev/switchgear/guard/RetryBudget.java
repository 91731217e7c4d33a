package dev.switchgear.guard;

/**
 * Lets retries through as long as they are no more than a share of the calls. What is not used up
 * is kept for a while only: after days of health an outage must not be met with a day's worth of
 * retries. Thread-safe.
 */
final class RetryBudget {

  /** Retries that can be saved up. */
  private static final int SAVED = 100;

  private final double share;
  private final StripedCounter calls = new StripedCounter();
  private double spent;

  RetryBudget(double share) {
    this.share = share;
  }

  /** A call is made for the first time. */
  void called() {
    calls.increment();
  }

  /** Takes one retry, if there is one. */
  synchronized boolean take() {
    double earned = calls.sum() * share;
    spent = Math.max(spent, earned - SAVED);
    if (spent + 1 > earned) {
      return false;
    }
    spent++;
    return true;
  }
}
