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
  private final Clocks clocks;

  RateLimiter(String name, RateLimit limit, Clocks clocks) {
    this.quota = new Refusal.Quota(Names.check("name", name), limit);
    this.clocks = clocks;
    this.bucket = TokenBucket.shared(limit, clocks.nanos());
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
    long now = clocks.nanos();
    return take(now) ? Optional.empty() : Optional.of(Refusal.pick(refusals, Limited.turn(now)));
  }

  Refusal.Quota quota() {
    return quota;
  }

  boolean take(long nowNanos) {
    return bucket.take(nowNanos);
  }

  void giveBack() {
    bucket.giveBack();
  }
}
