package dev.switchgear.detector;

import dev.switchgear.breaker.series.Measure;
import dev.switchgear.detector.state.ServiceLevel;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topic.Cleanup;
import dev.switchgear.schemas.Topic.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How busy the services of one partition of metrics are: the newest of each gauge of each instance,
 * summed by service before it goes on to where the service is judged. Not kept: after a restart it
 * is known again with the next export. One thread uses it.
 */
final class Levels {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /**
   * Gauges come every minute at the latest; of an instance that is silent longer nothing is known.
   */
  private static final long STALE_NANOS = Duration.ofMinutes(3).toNanos();

  /** At a dozen gauges of half a kilobyte some tens of megabytes. */
  private static final int MOST_INSTANCES = 5_000;

  private static final int MOST_SERIES = 256;

  private final Map<String, Map<String, Map<String, MetricPoint>>> services = new HashMap<>();
  private final Set<String> news = new HashSet<>();
  private int instances;

  /** The topic of one application: of no use once it has been read. */
  static Topic<ServiceLevels> topicOf(String applicationId, int partitions) {
    return new Topic<>(
        applicationId + "-levels",
        "service",
        ServiceLevels.class,
        partitions,
        Cleanup.DELETE,
        Duration.ofHours(1),
        Durability.TELEMETRY);
  }

  /** Takes a gauge; false if there are too many. */
  boolean take(MetricPoint point) {
    var byInstance = services.computeIfAbsent(point.getService(), unseen -> new HashMap<>());
    Map<String, MetricPoint> series = byInstance.get(point.getInstance());
    if (series == null) {
      if (instances >= MOST_INSTANCES) {
        return false;
      }
      instances++;
      series = new HashMap<>();
      byInstance.put(point.getInstance(), series);
    }
    String key = CallMetrics.series(point);
    if (series.size() >= MOST_SERIES && !series.containsKey(key)) {
      return false;
    }
    series.merge(key, point, Levels::newer);
    news.add(point.getService());
    return true;
  }

  /** Of those services of which anything has been heard since the last time. */
  List<ServiceLevels> sums(int partition, long nowMillis) {
    List<ServiceLevels> sums = new ArrayList<>();
    long oldest = nowMillis * NANOS_PER_MILLI - STALE_NANOS;
    services.values().forEach(byInstance -> forgetStale(byInstance, oldest));
    services.values().removeIf(Map::isEmpty);
    instances = services.values().stream().mapToInt(Map::size).sum();
    for (String service : news) {
      List<ServiceLevel> levels = sum(services.getOrDefault(service, Map.of()));
      if (!levels.isEmpty()) {
        sums.add(new ServiceLevels(service, partition, nowMillis, levels));
      }
    }
    news.clear();
    return sums;
  }

  /** Of shares the mean of all instances, of what waits the sum. */
  static Map<Measure, Double> values(Collection<ServiceLevels> partitions) {
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    Map<Measure, Integer> instances = new EnumMap<>(Measure.class);
    for (ServiceLevels partition : partitions) {
      for (ServiceLevel each : partition.getLevels()) {
        Measure measure = Measure.valueOf(each.getMeasure());
        values.merge(measure, each.getSum(), Double::sum);
        instances.merge(measure, each.getInstances(), Integer::sum);
      }
    }
    instances.remove(Measure.QUEUE_DEPTH);
    instances.forEach((measure, count) -> values.merge(measure, (double) count, Levels::per));
    return values;
  }

  private static double per(double sum, double count) {
    return sum / count;
  }

  private static void forgetStale(
      Map<String, Map<String, MetricPoint>> byInstance, long oldestNanos) {
    for (Map<String, MetricPoint> series : byInstance.values()) {
      series.values().removeIf(point -> point.getAtEpochNanos() < oldestNanos);
    }
    byInstance.values().removeIf(Map::isEmpty);
  }

  private static List<ServiceLevel> sum(Map<String, Map<String, MetricPoint>> byInstance) {
    Map<Measure, ServiceLevel> sums = new EnumMap<>(Measure.class);
    for (Map<String, MetricPoint> series : byInstance.values()) {
      LevelMetrics.of(series.values())
          .forEach((measure, level) -> sums.merge(measure, level(measure, level), Levels::plus));
    }
    return List.copyOf(sums.values());
  }

  private static ServiceLevel level(Measure measure, double level) {
    return new ServiceLevel(measure.name(), level, 1);
  }

  private static ServiceLevel plus(ServiceLevel one, ServiceLevel other) {
    return new ServiceLevel(
        one.getMeasure(), one.getSum() + other.getSum(), one.getInstances() + other.getInstances());
  }

  private static MetricPoint newer(MetricPoint known, MetricPoint read) {
    return read.getAtEpochNanos() >= known.getAtEpochNanos() ? read : known;
  }
}
