package dev.switchgear.guard;

import java.util.Optional;

/**
 * A rate limit of this instance, for guards to share or to be asked by itself. Takes no lock and
 * allocates nothing unless it refuses. Thread-safe.
 */
public final class RateLimiter {

  private final Refusal.Quota quota;
  private final TokenBucket bucket;
  private final Refusal[] refusals;

  RateLimiter(String name, RateLimit limit, Clocks clocks) {
    this.quota = new Refusal.Quota(Names.check("name", name), limit);
    this.bucket = TokenBucket.shared(limit, clocks);
    this.refusals = Limited.refusal(quota, name, 0).variants();
  }

  /** Its name. */
  public String name() {
    return quota.name();
  }

  /** How many calls it lets through. */
  public RateLimit limit() {
    return quota.limit();
  }

  /** Counts one call, or refuses it. */
  public Optional<Refusal> refuse() {
    return take() ? Optional.empty() : Optional.of(Refusal.any(refusals));
  }

  Refusal.Quota quota() {
    return quota;
  }

  boolean take() {
    return bucket.take();
  }

  void giveBack() {
    bucket.giveBack();
  }
}
