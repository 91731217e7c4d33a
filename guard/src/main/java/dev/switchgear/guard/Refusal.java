package dev.switchgear.guard;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A call was not admitted; nothing was called. Made beforehand: refusing allocates nothing and has
 * no stack.
 *
 * @param stage what refused
 * @param breaker id of the breaker that refused, or that the call would have been counted under; of
 *     a rate limiter by itself, its name
 * @param epoch epoch of that breaker; 0 where there is none
 * @param reason why, in one line
 * @param retryAfter when to try again, counted from now; lengthened at random by up to a fifth, so
 *     that refused callers do not come back as one
 * @param exemplars trace ids of calls that led to it, where the fleet has told them
 * @param quota the rate limit, where that refused
 */
public record Refusal(
    Stage stage,
    String breaker,
    long epoch,
    String reason,
    Duration retryAfter,
    List<String> exemplars,
    @Nullable Quota quota)
    implements Admission, Unavailable {

  /** The most by which a retry-after is lengthened. */
  private static final double JITTER = 0.2;

  /** Refusals are made beforehand, each with another part of the jitter. */
  private static final int VARIANTS = 32;

  /** Neighbours in turn get distant parts: by odd steps near the golden ratio (Knuth's hashing). */
  private static final int STEP = 19;

  public Refusal {
    exemplars = List.copyOf(exemplars);
  }

  /** A rate limit by name. */
  public record Quota(String name, RateLimit limit) {}

  /**
   * The same refusal with all parts of the jitter. Any may be the first, as that is the one which
   * every instance gives to whom it refuses first.
   */
  Refusal[] variants() {
    Refusal[] variants = new Refusal[VARIANTS];
    int first = ThreadLocalRandom.current().nextInt(VARIANTS);
    for (int i = 0; i < VARIANTS; i++) {
      double longer = 1 + JITTER * ((first + i * STEP) % VARIANTS) / (VARIANTS - 1);
      Duration wait = Duration.ofNanos(Math.round(retryAfter.toNanos() * longer));
      variants[i] = new Refusal(stage, breaker, epoch, reason, wait, exemplars, quota);
    }
    return variants;
  }

  /** One of the variants, by chance. */
  static Refusal any(Refusal[] variants) {
    return pick(variants, ThreadLocalRandom.current().nextInt());
  }

  /**
   * One of the variants.
   *
   * @param turn any number; another one gives another variant
   */
  static Refusal pick(Refusal[] variants, int turn) {
    return variants[turn & (VARIANTS - 1)];
  }
}
