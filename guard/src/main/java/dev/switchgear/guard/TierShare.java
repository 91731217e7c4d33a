package dev.switchgear.guard;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one tier may take of a limit here and now. Takes no lock and allocates nothing. Thread-safe.
 */
final class TierShare {

  /** Nothing comes of a share of nothing before the next one is told; that may be this soon. */
  private static final Duration NEXT_LOOK = Duration.ofSeconds(1);

  static final long THOUSAND = 1_000;

  private final String tier;
  private final Refusal.Quota quota;
  private final Duration next;
  private final TokenBucket bucket;
  private final Counts counts;

  /** Of those who ask the limiter by itself; what a race makes twice is made twice. */
  private Refusal @Nullable [] refusals;

  /** Calls of one tier since the limiter was made, whatever its share was. */
  static final class Counts {
    final StripedCounter admitted = new StripedCounter();
    final StripedCounter refused = new StripedCounter();
  }

  private TierShare(
      String tier, Refusal.Quota quota, Duration next, TokenBucket bucket, Counts counts) {
    this.tier = tier;
    this.quota = quota;
    this.next = next;
    this.bucket = bucket;
    this.counts = counts;
  }

  /** While the instance goes by itself, all tiers take from one bucket. */
  static TierShare alone(String tier, Refusal.Quota quota, TokenBucket bucket, Counts counts) {
    Duration next = quota.limit().per().dividedBy(quota.limit().calls());
    return new TierShare(tier, quota, next, bucket, counts);
  }

  /** A share that the fleet has told. */
  static TierShare told(
      String tier, Refusal.Quota quota, long thousandths, TokenBucket before, Counts counts) {
    Duration per = quota.limit().per();
    TokenBucket bucket = TokenBucket.ofShare(thousandths, per, before);
    Duration next =
        thousandths == 0
            ? NEXT_LOOK
            : Duration.ofNanos(per.toNanos() / thousandths).multipliedBy(THOUSAND);
    return new TierShare(tier, quota, next, bucket, counts);
  }

  String tier() {
    return tier;
  }

  TokenBucket bucket() {
    return bucket;
  }

  Counts counts() {
    return counts;
  }

  boolean take() {
    boolean taken = bucket.take();
    (taken ? counts.admitted : counts.refused).increment();
    return taken;
  }

  void giveBack() {
    bucket.giveBack();
  }

  Refusal[] refusals() {
    Refusal[] known = refusals;
    if (known == null) {
      known = refusal(quota.name(), 0).variants();
      refusals = known;
    }
    return known;
  }

  Refusal refusal(String breaker, long epoch) {
    return Limited.ofShare(quota, next, tier, breaker, epoch);
  }
}
