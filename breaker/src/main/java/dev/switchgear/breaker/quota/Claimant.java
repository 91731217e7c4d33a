package dev.switchgear.breaker.quota;

import dev.switchgear.breaker.policy.Quota;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one instance wants, by tier, as calls a second. It rises at once and falls slowly: who is
 * believed to want too little is refused calls, who is believed to want too much costs the others a
 * little for some seconds.
 */
final class Claimant {

  private static final double RISE_MILLIS = 500;
  private static final double FALL_MILLIS = 5_000;

  /** A call in a fortnight is none. */
  private static final double NOTHING = 1e-6;

  private static final double MILLIS_PER_SECOND = 1_000;

  private final Map<String, Double> perSecond = new TreeMap<>();
  private boolean heard;
  private long heardMillis;

  /** One that has been silent since then, and wanted this before. */
  Claimant(Map<String, Double> perSecond, long heardMillis) {
    this.perSecond.putAll(perSecond);
    this.heard = !perSecond.isEmpty();
    this.heardMillis = heardMillis;
  }

  void hear(Demand demand, Set<String> tiers, long nowMillis) {
    heardMillis = nowMillis;
    Map<String, Double> news = new TreeMap<>();
    demand
        .wanted()
        .forEach((tier, calls) -> news.merge(of(tier, tiers), rate(calls, demand), Double::sum));
    Set<String> all = new TreeSet<>(perSecond.keySet());
    all.addAll(news.keySet());
    all.forEach(tier -> learn(tier, news.getOrDefault(tier, 0.0), demand.interval()));
    heard = true;
  }

  /** What it wants, of the tiers that there are now. */
  double perSecond(String tier, Set<String> tiers) {
    double sum = 0;
    for (Map.Entry<String, Double> each : perSecond.entrySet()) {
      sum += of(each.getKey(), tiers).equals(tier) ? each.getValue() : 0;
    }
    return sum;
  }

  long heardMillis() {
    return heardMillis;
  }

  /** It is as if it had been heard of then. */
  void excuse(long nowMillis) {
    heardMillis = nowMillis;
  }

  private void learn(String tier, double news, int interval) {
    Double known = perSecond.get(tier);
    double before = known == null ? 0 : known;
    double memory = news > before ? RISE_MILLIS : FALL_MILLIS;
    double weight = heard ? 1 - Math.exp(-interval / memory) : 1;
    double now = before + weight * (news - before);
    if (now < NOTHING) {
      perSecond.remove(tier);
    } else {
      perSecond.put(tier, now);
    }
  }

  private static double rate(long calls, Demand demand) {
    return calls * MILLIS_PER_SECOND / demand.interval();
  }

  private static String of(String tier, Set<String> tiers) {
    return tiers.contains(tier) ? tier : Quota.OTHERS;
  }
}
