package dev.switchgear.guard;

/** A count that many threads add to, each in its {@link Stripe}. */
final class StripedCounter {

  private final long[] counts = Stripe.counts();

  void increment() {
    Stripe.increment(counts, 0);
  }

  long sum() {
    return Stripe.sum(counts, 0);
  }
}
