package dev.switchgear.breaker.quota;

import dev.switchgear.breaker.policy.Quota;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One limit of the whole fleet: hears what instances want of it, and says who may take how much.
 *
 * <p>It speaks only when that has changed so much that somebody would notice: while demand is
 * steady, shares stay as they are to the digit. Whoever says nothing for a lease is gone, and what
 * was his is the others'. But whoever was away himself, because the program stood still or its
 * clock was set, knows nothing about who was silent meanwhile, and lets every lease begin anew.
 */
public final class FleetLimit {

  /** With a handful of tiers a third of a kilobyte each. */
  public static final int MOST_INSTANCES = 1_000;

  /**
   * Instances times tiers. Each is two amounts by name, 2 x 72 bytes at the most, and an instance's
   * name may have 255 characters of three: below 2 MiB together, which is the largest message.
   */
  private static final int MOST_SHARES = 9_000;

  /** How often shares may change: whoever is refused calls tells it four times a second. */
  static final long LOOK_MILLIS = 500;

  /** Instances say what they want once a second; a lease takes three of these at least. */
  static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);

  /** What is another by less than this part is the same. */
  private static final long NOTICED = 8;

  private static final double ALL_BUT_NOISE = 0.98;

  private final TreeMap<String, Claimant> claimants = new TreeMap<>();
  private Quota quota;
  private Duration lease;
  private @Nullable Handout told;
  private long lookedMillis;
  private long pauseMillis;

  private FleetLimit(Quota quota, Duration lease, long nowMillis, long pauseMillis) {
    this.quota = quota;
    this.lease = lease;
    this.lookedMillis = nowMillis;
    this.pauseMillis = pauseMillis;
  }

  /**
   * A limit of which nobody has spoken yet.
   *
   * @param quiet how long to hand out nothing: whoever begins to listen has to hear everybody first
   */
  public static FleetLimit begin(Quota quota, Duration lease, Duration quiet, long nowMillis) {
    return new FleetLimit(quota, atLeast(lease), nowMillis, quiet.toMillis());
  }

  /** Goes on from what was told last; every lease begins anew. */
  public static FleetLimit resume(Handout told, long nowMillis) {
    FleetLimit limit = new FleetLimit(told.quota(), told.lease(), nowMillis, LOOK_MILLIS);
    limit.told = told;
    told.parts()
        .forEach(
            (instance, part) ->
                limit.claimants.put(
                    instance, new Claimant(perSecond(part, told.quota()), nowMillis)));
    return limit;
  }

  /** From now on it is this limit, with this lease; shares follow with the next division. */
  public void adopt(Quota other, Duration otherLease) {
    quota = other;
    lease = atLeast(otherLease);
    while (claimants.size() > mostInstances()) {
      claimants.pollLastEntry();
    }
  }

  /** Among how many instances it is shared at the most. */
  private int mostInstances() {
    return Math.min(MOST_INSTANCES, MOST_SHARES / (quota.guaranteed().size() + 1));
  }

  /** Hears what an instance wants; false if there is no room for another one. */
  public boolean hear(Demand demand, long nowMillis) {
    if (demand.leaving()) {
      claimants.remove(demand.instance());
      return true;
    }
    Claimant claimant = claimants.get(demand.instance());
    if (claimant == null) {
      if (claimants.size() >= mostInstances()) {
        return false;
      }
      claimant = new Claimant(Map.of(), nowMillis);
      claimants.put(demand.instance(), claimant);
    }
    claimant.hear(demand, quota.guaranteed().keySet(), nowMillis);
    return true;
  }

  /**
   * Whether nobody wants it any more: all have left, or have been silent for a lease.
   *
   * @param sinceMillis since when whoever hears has heard without a break
   */
  public boolean isAbandoned(long sinceMillis, long nowMillis) {
    long oldest = nowMillis - lease.toMillis();
    boolean attentive = sinceMillis < oldest;
    return claimants.values().stream().allMatch(each -> attentive && each.heardMillis() < oldest);
  }

  /** What is to be told now; empty if that is nothing new, or too soon after the last time. */
  public Optional<Handout> divide(long nowMillis) {
    long since = Math.abs(nowMillis - lookedMillis);
    if (since < pauseMillis || !quota.limits()) {
      return Optional.empty();
    }
    lookedMillis = nowMillis;
    pauseMillis = LOOK_MILLIS;
    if (since > lease.toMillis() / 2) {
      claimants.values().forEach(each -> each.excuse(nowMillis));
    }
    long oldest = nowMillis - lease.toMillis();
    claimants.values().removeIf(each -> each.heardMillis() < oldest);
    Division division = new Division(quota, claimants);
    if (told != null && isSame(told, division)) {
      return Optional.empty();
    }
    told = handout(division, nowMillis);
    return Optional.of(told);
  }

  /** What was told last; empty if that is nothing yet. */
  public Optional<Handout> told() {
    return Optional.ofNullable(told);
  }

  private Handout handout(Division division, long nowMillis) {
    Map<String, Handout.Part> parts = new HashMap<>();
    for (int i = 0; i < division.instances().size(); i++) {
      String instance = division.instances().get(i);
      parts.put(instance, new Handout.Part(division.shares(i), division.wanted(i)));
    }
    // By the clock, so that whoever has lost its memory still goes on above what it told.
    long epoch = Math.max(nowMillis, told == null ? 0 : told.epoch() + 1);
    return new Handout(epoch, quota, lease, nowMillis, parts, division.start());
  }

  private boolean isSame(Handout before, Division division) {
    boolean comparable =
        before.quota().equals(quota)
            && before.lease().equals(lease)
            && before.parts().size() == claimants.size();
    return comparable && areGuaranteesHeld(before.parts()) && isSame(before.parts(), division);
  }

  /** What is too little to notice for an instance is still too little for a tier. */
  private boolean areGuaranteesHeld(Map<String, Handout.Part> before) {
    for (Map.Entry<String, Long> guarantee : quota.guaranteed().entrySet()) {
      String tier = guarantee.getKey();
      long shared = before.values().stream().mapToLong(part -> of(part, tier)).sum();
      double kept = (double) guarantee.getValue() * Division.THOUSANDTHS;
      long rounded = shared + claimants.size();
      if (rounded < Math.min(wanted(tier), kept) * ALL_BUT_NOISE) {
        return false;
      }
    }
    return true;
  }

  private static long of(Handout.Part part, String tier) {
    return part.shares().getOrDefault(tier, 0L);
  }

  private double wanted(String tier) {
    double perSecond = 0;
    for (Claimant each : claimants.values()) {
      perSecond += each.perSecond(tier, quota.guaranteed().keySet());
    }
    return perSecond * quota.per().toMillis();
  }

  private boolean isSame(Map<String, Handout.Part> before, Division division) {
    long wantedBefore = 0;
    long wantedNow = 0;
    for (int i = 0; i < division.instances().size(); i++) {
      Handout.Part part = before.get(division.instances().get(i));
      if (part == null) {
        return false;
      }
      Map<String, Long> wanted = division.wanted(i);
      for (Map.Entry<String, Long> share : division.shares(i).entrySet()) {
        long old = part.shares().getOrDefault(share.getKey(), 0L);
        long wants = wanted.getOrDefault(share.getKey(), 0L);
        if (isNoticed(old, share.getValue(), wants)) {
          return false;
        }
        wantedBefore += part.wanted().getOrDefault(share.getKey(), 0L);
        wantedNow += wants;
      }
    }
    return !isAnother(wantedBefore, wantedNow);
  }

  /** A little of a small share matters to those who want more than it, and to nobody else. */
  private boolean isNoticed(long old, long now, long wanted) {
    long change = Math.abs(now - old);
    long little = quota.calls() * Division.THOUSANDTHS / (NOTICED * claimants.size());
    return change > Math.max(old, now) / NOTICED && (change > little || old < wanted);
  }

  /** People who look want to see it, though nobody's share hangs on it. */
  private boolean isAnother(long wantedBefore, long wantedNow) {
    long change = Math.abs(wantedNow - wantedBefore);
    long little = quota.calls() * Division.THOUSANDTHS / NOTICED;
    return change > little && change > Math.max(wantedBefore, wantedNow) / 2;
  }

  private static Map<String, Double> perSecond(Handout.Part part, Quota quota) {
    Map<String, Double> rates = new TreeMap<>();
    part.wanted().forEach((tier, amount) -> rates.put(tier, perSecond(amount, quota)));
    return rates;
  }

  private static double perSecond(long amount, Quota quota) {
    return (double) amount / quota.per().toMillis();
  }

  private static Duration atLeast(Duration lease) {
    return lease.compareTo(SHORTEST_LEASE) < 0 ? SHORTEST_LEASE : lease;
  }
}
