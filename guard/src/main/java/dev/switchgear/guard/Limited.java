package dev.switchgear.guard;

import java.time.Duration;
import java.util.List;

/** Refusals of rate limits. */
final class Limited {

  private Limited() {}

  /** The next token is there at the latest when one has grown. */
  static Refusal refusal(Refusal.Quota quota, String breaker, long epoch) {
    RateLimit limit = quota.limit();
    Duration next = Duration.ofNanos(Math.max(1, limit.per().toNanos() / limit.calls()));
    String reason =
        "more than %d calls in %s of %s".formatted(limit.calls(), limit.per(), quota.name());
    return new Refusal(Stage.RATE_LIMIT, breaker, epoch, reason, next, List.of(), quota);
  }

  /** The same of a share, which may be of less than one call. */
  static Refusal ofShare(
      Refusal.Quota quota, Duration next, String tier, String breaker, long epoch) {
    RateLimit limit = quota.limit();
    String reason =
        "more than this instance's share of %d calls in %s of %s for tier %s"
            .formatted(limit.calls(), limit.per(), quota.name(), tier);
    return new Refusal(Stage.RATE_LIMIT, breaker, epoch, reason, next, List.of(), quota);
  }
}
