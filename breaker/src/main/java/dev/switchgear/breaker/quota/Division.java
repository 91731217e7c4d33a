package dev.switchgear.breaker.quota;

import dev.switchgear.breaker.policy.Quota;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One division of a limit among instances and tiers, and one place more for whoever comes next.
 *
 * <p>What a tier is guaranteed is filled first, among those of the tier, as far as they want it;
 * then the whole limit, among all, above that. So a guarantee that nobody wants is lent to
 * everybody, and is there again with the next division. Each is taken to want a quarter more than
 * he does, and a little where he wants nothing, so that a call that comes is not refused for being
 * the first. If even that leaves something, everybody gets as many times what he is taken to want
 * as there is: then all may grow by the same factor before anybody is refused anything.
 */
final class Division {

  static final long THOUSANDTHS = 1_000;

  /** Of the limit, what is set aside for those who want nothing yet: a twentieth. */
  private static final long SET_ASIDE = 20;

  private static final long HEADROOM = 4;

  /** A share of the whole is shortened by this, so that no rounding makes the sum too large. */
  private static final double ROUNDED_DOWN = 1 - 1e-12;

  /**
   * A hundred thousand times the largest limit; all that can be wanted together is still a long.
   */
  private static final long MOST_WANTED = 100_000_000_000_000L;

  private static final double MILLIS_PER_SECOND = 1_000;

  private final Quota quota;
  private final long whole;
  private final List<String> tiers;
  private final List<String> instances;
  private final long[] wanted;
  private final long[] shares;

  Division(Quota quota, Map<String, Claimant> claimants) {
    this.quota = quota;
    this.whole = quota.calls() * THOUSANDTHS;
    this.tiers = new ArrayList<>(quota.guaranteed().keySet());
    this.tiers.add(Quota.OTHERS);
    this.instances = List.copyOf(claimants.keySet());
    this.wanted = wanted(List.copyOf(claimants.values()));
    this.shares = divided(guaranteed(), believed());
  }

  List<String> instances() {
    return instances;
  }

  Map<String, Long> shares(int instance) {
    return byTier(shares, instance);
  }

  Map<String, Long> wanted(int instance) {
    return byTier(wanted, instance);
  }

  /** What is set aside for whoever comes next. */
  Map<String, Long> start() {
    return byTier(shares, instances.size());
  }

  private Map<String, Long> byTier(long[] amounts, int row) {
    Map<String, Long> byTier = new TreeMap<>();
    for (int column = 0; column < tiers.size(); column++) {
      byTier.put(tiers.get(column), amounts[row * tiers.size() + column]);
    }
    return byTier;
  }

  /** Row by row; the last one is nobody's yet. */
  private long[] wanted(List<Claimant> claimants) {
    long[] all = new long[(claimants.size() + 1) * tiers.size()];
    double perSecond = THOUSANDTHS * quota.per().toMillis() / MILLIS_PER_SECOND;
    for (int row = 0; row < claimants.size(); row++) {
      for (int column = 0; column < tiers.size(); column++) {
        double rate = claimants.get(row).perSecond(tiers.get(column), quota.guaranteed().keySet());
        all[row * tiers.size() + column] = Math.min(MOST_WANTED, Math.round(rate * perSecond));
      }
    }
    return all;
  }

  private long[] guaranteed() {
    long[] all = new long[wanted.length];
    for (int column = 0; column < tiers.size(); column++) {
      long promised = quota.guaranteed().getOrDefault(tiers.get(column), 0L) * THOUSANDTHS;
      long[] most = column(column);
      long[] filled = WaterFilling.shares(promised, new long[most.length], most);
      for (int row = 0; row < filled.length; row++) {
        all[row * tiers.size() + column] = filled[row];
      }
    }
    return all;
  }

  /** What those of one tier want, but no more than there is. */
  private long[] column(int column) {
    long[] rows = new long[wanted.length / tiers.size()];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Math.min(whole, wanted[row * tiers.size() + column]);
    }
    return rows;
  }

  private long[] believed() {
    long[] all = new long[wanted.length];
    for (int i = 0; i < all.length; i++) {
      long more = wanted[i] / HEADROOM + setAside(tiers.get(i % tiers.size()));
      all[i] = Math.min(whole, wanted[i] + more);
    }
    return all;
  }

  /**
   * Half of it alike for every tier, half of it by what is guaranteed. Never nothing: a share of
   * nothing lets no first call through by which it could be seen that it is wanted.
   */
  private long setAside(String tier) {
    long sum = quota.guaranteed().values().stream().mapToLong(Long::longValue).sum();
    long kept = quota.guaranteed().getOrDefault(tier, quota.calls() - sum);
    double weight = 0.5 / tiers.size() + 0.5 * kept / quota.calls();
    return Math.max(1, (long) (weight * whole / (SET_ASIDE * (instances.size() + 1))));
  }

  private long[] divided(long[] least, long[] most) {
    long sum = Arrays.stream(most).sum();
    if (sum >= whole) {
      return WaterFilling.shares(whole, least, most);
    }
    double times = Math.max(1, (double) whole / sum * ROUNDED_DOWN);
    return Arrays.stream(most).map(each -> (long) (each * times)).toArray();
  }
}
