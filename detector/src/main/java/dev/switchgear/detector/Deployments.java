package dev.switchgear.detector;

import dev.switchgear.schemas.Deployment;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Versions of services that began to run lately, by the heartbeats of their instances. What has
 * changed within minutes before a symptom is where to look first, and that may be a return to an
 * older version; where one version was started anew, nothing has changed.
 */
final class Deployments {

  /** A deployment shows within minutes, or it is another that comes to mind. */
  private static final long LATELY_MILLIS = 15 * 60_000;

  /** The clocks of instances and our own may be apart by this much. */
  private static final long SKEW_MILLIS = 2_000;

  /** An instance that has not shown itself for so long has made room for another. */
  private static final long LIVE_MILLIS = 30_000;

  private static final double MINUTE_MILLIS = 60_000;

  private Deployments() {}

  /** The version that began to run last, if that was within minutes before a moment. */
  static Optional<Deployment> before(
      long momentMillis, long nowMillis, Collection<Lifesigns.Sign> ofService) {
    List<Lifesigns.Sign> live = ofService.stream().filter(sign -> isLive(sign, nowMillis)).toList();
    Map<String, Long> began = new HashMap<>();
    live.forEach(sign -> began.merge(sign.version(), sign.startedMillis(), Math::min));
    return began.entrySet().stream()
        .filter(each -> isLately(each.getValue(), momentMillis))
        .filter(each -> tookOver(each.getKey(), each.getValue(), ofService))
        .max(Map.Entry.comparingByValue())
        .map(each -> deployment(each.getKey(), each.getValue(), live));
  }

  /** In a few words, for people. */
  static String describe(Deployment deployment, long momentMillis) {
    long before = Math.max(0, momentMillis - deployment.getStartedAtMillis());
    String when =
        before < MINUTE_MILLIS
            ? before / 1_000 + " s"
            : Math.round(before / MINUTE_MILLIS) + " min";
    return String.format(
        Locale.ROOT,
        "%s %s began %s before, on %d of %d",
        deployment.getService(),
        deployment.getVersion(),
        when,
        deployment.getOfThisVersion(),
        deployment.getInstances());
  }

  private static boolean isLive(Lifesigns.Sign sign, long nowMillis) {
    return !sign.version().isEmpty() && Math.abs(nowMillis - sign.atMillis()) <= LIVE_MILLIS;
  }

  private static boolean isLately(long startedMillis, long momentMillis) {
    return startedMillis >= momentMillis - LATELY_MILLIS
        && startedMillis <= momentMillis + SKEW_MILLIS;
  }

  /** Whether another version ran until shortly before, or still does. */
  private static boolean tookOver(
      String version, long startedMillis, Collection<Lifesigns.Sign> ofService) {
    return ofService.stream()
        .filter(sign -> !sign.version().isEmpty() && !sign.version().equals(version))
        .filter(sign -> sign.startedMillis() < startedMillis)
        .anyMatch(sign -> sign.atMillis() >= startedMillis - LATELY_MILLIS);
  }

  /** A program of one instance may show itself in several roles. */
  private static Deployment deployment(
      String version, long startedMillis, List<Lifesigns.Sign> live) {
    Map<String, String> versions = new HashMap<>();
    live.forEach(sign -> versions.put(sign.instance(), sign.version()));
    long ofThis = versions.values().stream().filter(version::equals).count();
    String service = live.get(0).service();
    return new Deployment(service, version, startedMillis, versions.size(), (int) ofThis);
  }
}
