package dev.switchgear.guard;

import dev.switchgear.guard.FleetRateLimiter.Told;
import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this instance may take of the fleet's limits, as the fleet has told it, and the limiters
 * that go by it. Thread-safe.
 *
 * <p>A share is good for its lease, counted from the last sign of life of a detector: as long as
 * one lives, it would say if the share was another. Of two records the higher epoch counts. A fleet
 * whose last word is of a lower epoch for a lease has lost its memory, and is believed again.
 */
final class FleetLimits {

  private static final Logger LOG = LoggerFactory.getLogger(FleetLimits.class);

  /** Limits known at a time: some hundred bytes each. */
  private static final int MOST = 10_000;

  private static final long LONGEST_LEASE_MILLIS = Duration.ofHours(1).toMillis();

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Pulse pulse;
  private final Clocks clocks;
  private final String instance;
  private final Map<String, FleetRateLimiter> limiters = new HashMap<>();
  private final Map<String, Told> told = new HashMap<>();
  private final Map<String, Contradiction> contradictions = new HashMap<>();
  private long refused;

  /** A lower epoch than the one that is known, and since when that has been the last word. */
  private record Contradiction(Told told, long sinceNanos) {}

  /**
   * Of an instance.
   *
   * @param pulse whether a detector lives
   */
  FleetLimits(Pulse pulse, Clocks clocks, String instance) {
    this.pulse = pulse;
    this.clocks = clocks;
    this.instance = instance;
  }

  /** From now on the limiter goes by what the fleet tells. */
  synchronized FleetRateLimiter add(FleetRateLimiter limiter) {
    limiters.put(limiter.name(), limiter);
    follow(limiter, clocks.nanos());
    return limiter;
  }

  /** Records that were not believed. */
  synchronized long refused() {
    return refused;
  }

  /** Takes one record of the topic; null is a tombstone: the fleet limits this no more. */
  synchronized void accept(@Nullable String key, @Nullable QuotaState state) {
    if (state == null) {
      told.remove(key);
      contradictions.remove(key);
    } else {
      String absurdity = absurdity(key, state);
      if (absurdity != null) {
        refuse(key, absurdity);
        return;
      }
      believe(state.getLimit(), told(state));
    }
    FleetRateLimiter limiter = limiters.get(key);
    if (limiter != null) {
      follow(limiter, clocks.nanos());
    }
  }

  /** Counts a record that is none, or none to believe. */
  synchronized void refuse(@Nullable String key, String why) {
    refused++;
    LOG.warn("Not believing how limit {} is shared: {}", key, why);
  }

  /** What is done four times a second; gives what is to be told of what is wanted. */
  synchronized List<QuotaDemand> tick(Identity identity, Reading now) {
    List<QuotaDemand> demands = new ArrayList<>();
    for (FleetRateLimiter limiter : limiters.values()) {
      follow(limiter, now.nanos());
      QuotaDemand demand = limiter.report(identity, now);
      if (demand != null) {
        demands.add(demand);
      }
    }
    return demands;
  }

  /** What is to be told at the end, so that others have the shares at once. */
  synchronized List<QuotaDemand> leave(Identity identity) {
    return limiters.values().stream().map(limiter -> limiter.leave(identity)).toList();
  }

  private void follow(FleetRateLimiter limiter, long nowNanos) {
    String name = limiter.name();
    Contradiction last = contradictions.get(name);
    if (last != null && nowNanos - last.sinceNanos() > last.told().leaseNanos()) {
      told.put(name, last.told());
      contradictions.remove(name);
    }
    Told known = told.get(name);
    if (known != null && pulse.silentNanos(nowNanos) <= known.leaseNanos()) {
      limiter.obey(known);
    } else {
      limiter.goAlone();
    }
  }

  private void believe(String name, Told news) {
    Told known = told.get(name);
    if (known == null && told.size() >= MOST) {
      refuse(name, "it is one more than " + MOST + " limits");
    } else if (known == null || known.epoch() <= news.epoch()) {
      told.put(name, news);
      contradictions.remove(name);
    } else {
      Contradiction before = contradictions.get(name);
      long since = before == null ? clocks.nanos() : before.sinceNanos();
      contradictions.put(name, new Contradiction(news, since));
    }
  }

  private Told told(QuotaState state) {
    var whole =
        new RateLimit(
            state.getCalls(), Duration.ofMillis(state.getPeriodMillis()), state.getCalls());
    Map<String, Long> mine =
        state.getShares().stream()
            .filter(share -> share.getInstance().equals(instance))
            .findFirst()
            .map(QuotaShare::getShares)
            .orElse(state.getStart());
    long lease = state.getLeaseMillis() * NANOS_PER_MILLI;
    return new Told(state.getEpoch(), whole, lease, Map.copyOf(mine));
  }

  private @Nullable String absurdity(@Nullable String key, QuotaState state) {
    if (!state.getLimit().equals(key)) {
      return "it names limit " + state.getLimit();
    }
    if (state.getEpoch() < 0) {
      return "epoch: " + state.getEpoch() + " (expected: at least 0)";
    }
    long lease = state.getLeaseMillis();
    if (lease < 1 || lease > LONGEST_LEASE_MILLIS) {
      return "leaseMillis: " + lease + " (expected: 1.." + LONGEST_LEASE_MILLIS + ")";
    }
    try {
      return absurdity(told(state));
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Objects.toString(e.getMessage());
    }
  }

  private static @Nullable String absurdity(Told state) {
    long most = state.whole().calls() * TierShare.THOUSAND;
    for (long share : state.share().values()) {
      if (share < 0 || share > most) {
        return "share: " + share + " (expected: 0.." + most + ")";
      }
    }
    return null;
  }
}
