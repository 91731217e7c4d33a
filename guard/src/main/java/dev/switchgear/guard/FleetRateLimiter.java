package dev.switchgear.guard;

import dev.switchgear.breaker.policy.Quota;
import dev.switchgear.schemas.QuotaDemand;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * This instance's share of a limit of the whole fleet: for guards, or to be asked by itself. The
 * detector shares the limit by what the instances want, and changes shares while they are used; a
 * call is decided here, from memory. While the fleet has not told a share, or none that is still
 * good, this instance goes by a limit of its own.
 *
 * <p>Takes no lock, and allocates nothing unless it refuses. Thread-safe.
 */
public final class FleetRateLimiter {

  /** The tier of calls that have none. */
  public static final String NO_TIER = "*";

  /** What is wanted is told as often as this even while nothing is refused. */
  private static final int REPORT_MILLIS = 1_000;

  /** As the policy names them. */
  private static final int LONGEST_TIER = 63;

  private static final long[] NOTHING = new long[2];

  private static final int MOST_INTERVAL_MILLIS = 3_600_000;

  private final String name;
  private final RateLimit alone;
  private volatile Shares shares;

  /** Of the last report, by tier: admitted and refused. Used by the reporter's thread only. */
  private final Map<String, long[]> reported = new HashMap<>();

  private @Nullable Reading reportedAt;

  /**
   * All tiers at one time.
   *
   * @param told null while it goes by itself
   */
  private record Shares(@Nullable Told told, Map<String, TierShare> tiers, TierShare others) {

    boolean isOpenToTiers() {
      return told == null && tiers.size() <= Quota.MOST_TIERS;
    }

    long epoch() {
      return told == null ? 0 : told.epoch();
    }
  }

  /**
   * What the fleet has told.
   *
   * @param whole the limit of the fleet
   * @param share of this instance, in thousandths of a call, by tier
   */
  record Told(long epoch, RateLimit whole, long leaseNanos, Map<String, Long> share) {}

  FleetRateLimiter(String name, RateLimit alone, Clocks clocks) {
    this.name = Names.check("name", name);
    this.alone = alone;
    TokenBucket bucket = TokenBucket.shared(alone, clocks);
    TierShare all = alone(NO_TIER, bucket, new TierShare.Counts());
    this.shares = new Shares(null, Map.of(NO_TIER, all), all);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** What this instance may do while the fleet has not told its share. */
  public RateLimit alone() {
    return alone;
  }

  /** Whether it goes by a share of the fleet's limit now. */
  public boolean isShared() {
    return shares.told() != null;
  }

  /** Counts one call of no tier, or refuses it. */
  public Optional<Refusal> refuse() {
    return refuse(NO_TIER);
  }

  /**
   * Counts one call, or refuses it.
   *
   * @param tier null for none; what the policy does not name counts with the calls that have none
   */
  public Optional<Refusal> refuse(@Nullable String tier) {
    TierShare share = of(tier);
    return share.take() ? Optional.empty() : Optional.of(Refusal.any(share.refusals()));
  }

  TierShare of(@Nullable String tier) {
    Shares now = shares;
    if (tier == null) {
      return now.others();
    }
    TierShare known = now.tiers().get(tier);
    if (known != null) {
      return known;
    }
    if (tier.length() > LONGEST_TIER || !now.isOpenToTiers()) {
      return now.others();
    }
    return named(tier);
  }

  /**
   * A tier that is asked for before the fleet has said which there are: it is told by its name from
   * the first report on, so that the first share is already the right one.
   */
  private synchronized TierShare named(String tier) {
    Shares now = shares;
    TierShare known = now.tiers().get(tier);
    if (known != null || !now.isOpenToTiers()) {
      return known == null ? now.others() : known;
    }
    Map<String, TierShare> tiers = new HashMap<>(now.tiers());
    TierShare made = alone(tier, now.others().bucket(), new TierShare.Counts());
    tiers.put(tier, made);
    shares = new Shares(null, tiers, now.others());
    return made;
  }

  /** From now on it goes by this share. */
  synchronized void obey(Told told) {
    Shares before = shares;
    if (told.equals(before.told())) {
      return;
    }
    Refusal.Quota quota = new Refusal.Quota(name, told.whole());
    Map<String, TierShare> tiers = new HashMap<>();
    told.share().forEach((tier, amount) -> tiers.put(tier, told(tier, quota, amount, before)));
    TierShare others = tiers.computeIfAbsent(NO_TIER, none -> told(none, quota, 0, before));
    shares = new Shares(told, tiers, others);
  }

  /** From now on it goes by itself. */
  synchronized void goAlone() {
    Shares before = shares;
    if (before.told() == null) {
      return;
    }
    TokenBucket bucket = before.others().bucket().goOn(alone);
    Map<String, TierShare> tiers = new HashMap<>();
    before.tiers().forEach((tier, share) -> tiers.put(tier, alone(tier, bucket, share.counts())));
    TierShare others = alone(NO_TIER, bucket, before.others().counts());
    tiers.put(NO_TIER, others);
    shares = new Shares(null, tiers, others);
  }

  private TierShare alone(String tier, TokenBucket bucket, TierShare.Counts counts) {
    return TierShare.alone(tier, new Refusal.Quota(name, alone), bucket, counts);
  }

  /** What has been wanted since the last time; null if it is too early to say it. */
  @Nullable QuotaDemand report(Identity identity, Reading now) {
    Shares today = shares;
    int millis = reportedAt == null ? REPORT_MILLIS : now.millisSince(reportedAt);
    Map<String, long[]> counted = new HashMap<>();
    today.tiers().forEach((tier, share) -> counted.put(tier, counted(share)));
    Map<String, Long> admitted = since(counted, 0);
    Map<String, Long> refused = since(counted, 1);
    if (millis < 1 || (millis < REPORT_MILLIS && refused.isEmpty())) {
      return null;
    }
    reportedAt = now;
    reported.clear();
    reported.putAll(counted);
    return demand(identity)
        .setIntervalMillis(Math.min(millis, MOST_INTERVAL_MILLIS))
        .setAdmitted(admitted)
        .setRefused(refused)
        .setEpoch(today.epoch())
        .build();
  }

  /** It wants nothing any more. */
  QuotaDemand leave(Identity identity) {
    return demand(identity).setIntervalMillis(1).setLeaving(true).build();
  }

  private TierShare told(String tier, Refusal.Quota quota, long amount, Shares before) {
    TierShare known = before.tiers().get(tier);
    TierShare from = known == null ? before.others() : known;
    TierShare.Counts counts = known == null ? new TierShare.Counts() : known.counts();
    return TierShare.told(tier, quota, amount, from.bucket(), counts);
  }

  private Map<String, Long> since(Map<String, long[]> counted, int which) {
    Map<String, Long> since = new HashMap<>();
    for (Map.Entry<String, long[]> each : counted.entrySet()) {
      long[] before = reported.getOrDefault(each.getKey(), NOTHING);
      long more = each.getValue()[which] - before[which];
      if (more > 0) {
        since.put(each.getKey(), more);
      }
    }
    return since;
  }

  private static long[] counted(TierShare share) {
    return new long[] {share.counts().admitted.sum(), share.counts().refused.sum()};
  }

  private QuotaDemand.Builder demand(Identity identity) {
    return QuotaDemand.newBuilder()
        .setLimit(name)
        .setService(identity.service())
        .setInstance(identity.instance());
  }
}
