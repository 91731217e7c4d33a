package dev.switchgear.detector;

import dev.switchgear.schemas.Deployment;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Versions of services that began to run lately, by the heartbeats of their instances. What has
 * changed within minutes before a symptom is where to look first; where all instances are of one
 * version, as after a restart of everything, nothing has changed.
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
  static Optional<Deployment> before(long momentMillis, Collection<Lifesigns.Sign> ofService) {
    Map<String, Long> began = new HashMap<>();
    ofService.stream()
        .filter(sign -> !sign.version().isEmpty())
        .forEach(sign -> began.merge(sign.version(), sign.startedMillis(), Math::min));
    return began.size() < 2
        ? Optional.empty()
        : began.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .filter(each -> isLately(each.getValue(), momentMillis))
            .map(each -> deployment(each.getKey(), each.getValue(), ofService));
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

  private static boolean isLately(long startedMillis, long momentMillis) {
    return startedMillis >= momentMillis - LATELY_MILLIS
        && startedMillis <= momentMillis + SKEW_MILLIS;
  }

  /** A program of one instance may show itself in several roles. */
  private static Deployment deployment(
      String version, long startedMillis, Collection<Lifesigns.Sign> ofService) {
    long newest = ofService.stream().mapToLong(Lifesigns.Sign::atMillis).max().orElse(0);
    Map<String, String> live = new HashMap<>();
    ofService.stream()
        .filter(sign -> sign.atMillis() >= newest - LIVE_MILLIS)
        .forEach(sign -> live.put(sign.instance(), sign.version()));
    long ofThis = live.values().stream().filter(version::equals).count();
    String service = ofService.iterator().next().service();
    return new Deployment(service, version, startedMillis, live.size(), (int) ofThis);
  }
}
