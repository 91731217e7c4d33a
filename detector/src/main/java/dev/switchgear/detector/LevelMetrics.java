package dev.switchgear.detector;

import dev.switchgear.breaker.series.Measure;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What OpenTelemetry's gauges say of how busy one instance is: the share of its processor, memory
 * and pools that is in use, and how much waits. Of several gauges of one thing the busiest counts;
 * what waits is summed.
 */
final class LevelMetrics {

  private static final Set<String> NAMES =
      Set.of(
          "process.cpu.utilization",
          "jvm.cpu.recent_utilization",
          "process.runtime.jvm.cpu.utilization",
          "system.cpu.utilization",
          "jvm.memory.used",
          "jvm.memory.used_after_last_gc",
          "jvm.memory.limit",
          "system.memory.utilization",
          "db.client.connection.count",
          "db.client.connection.max",
          "db.client.connections.usage",
          "db.client.connections.max",
          "executor.active",
          "executor.pool.max",
          "db.client.connection.pending_requests",
          "db.client.connections.pending_requests",
          "executor.queued",
          "kafka.consumer.records_lag_max",
          "switchgear.queue.depth");

  private static final Set<String> IDLE = Set.of("idle", "iowait", "wait");

  private final Map<Measure, Double> levels = new EnumMap<>(Measure.class);

  private LevelMetrics() {}

  /** Whether the point says how busy its instance is. */
  static boolean isLevel(MetricPoint point) {
    return point.getKind() == MetricKind.GAUGE
        && NAMES.contains(point.getName())
        && Double.isFinite(point.getValue())
        && point.getValue() >= 0;
  }

  /** How busy an instance is, by the newest point of each of its series. */
  static Map<Measure, Double> of(Collection<MetricPoint> points) {
    LevelMetrics levels = new LevelMetrics();
    levels.busiest(Measure.CPU, sum(points, "process.cpu.utilization", "", ""));
    levels.busiest(Measure.CPU, sum(points, "jvm.cpu.recent_utilization", "", ""));
    levels.busiest(Measure.CPU, sum(points, "process.runtime.jvm.cpu.utilization", "", ""));
    levels.busiest(Measure.CPU, systemCpu(points));
    levels.busiest(Measure.MEMORY, heap(points));
    levels.busiest(
        Measure.MEMORY, sum(points, "system.memory.utilization", "system.memory.state", "used"));
    levels.pools(points, "db.client.connection.count", "db.client.connection.max");
    levels.pools(points, "db.client.connections.usage", "db.client.connections.max");
    levels.pools(points, "executor.active", "executor.pool.max");
    levels.waiting(sum(points, "db.client.connection.pending_requests", "", ""));
    levels.waiting(sum(points, "db.client.connections.pending_requests", "", ""));
    levels.waiting(sum(points, "executor.queued", "", ""));
    levels.waiting(most(points, "kafka.consumer.records_lag_max"));
    levels.waiting(sum(points, "switchgear.queue.depth", "", ""));
    return levels.levels;
  }

  private void busiest(Measure measure, @Nullable Double share) {
    if (share != null) {
      levels.merge(measure, share, Math::max);
    }
  }

  private void waiting(@Nullable Double items) {
    if (items != null) {
      levels.merge(Measure.QUEUE_DEPTH, items, Double::sum);
    }
  }

  /** Each pool is compared with its own size. */
  private void pools(Collection<MetricPoint> points, String used, String size) {
    Map<String, Double> sizes = new HashMap<>();
    for (MetricPoint point : points) {
      if (point.getName().equals(size)) {
        sizes.merge(pool(point), point.getValue(), Math::max);
      }
    }
    Map<String, Double> inUse = new HashMap<>();
    for (MetricPoint point : points) {
      if (point.getName().equals(used) && !"idle".equals(state(point))) {
        inUse.merge(pool(point), point.getValue(), Double::sum);
      }
    }
    inUse.forEach((pool, value) -> busiest(Measure.POOL, share(value, sizes.get(pool))));
  }

  /** What lives on after the last collection, where it is known: the rest may be garbage. */
  private static @Nullable Double heap(Collection<MetricPoint> points) {
    Double used = sum(points, "jvm.memory.used_after_last_gc", "jvm.memory.type", "heap");
    if (used == null) {
      used = sum(points, "jvm.memory.used", "jvm.memory.type", "heap");
    }
    return used == null
        ? null
        : share(used, sum(points, "jvm.memory.limit", "jvm.memory.type", "heap"));
  }

  /** Of each processor, what is not idle; and of these the mean. */
  private static @Nullable Double systemCpu(Collection<MetricPoint> points) {
    Map<String, Double> busy = new HashMap<>();
    for (MetricPoint point : points) {
      if (point.getName().equals("system.cpu.utilization")) {
        boolean idle = IDLE.contains(String.valueOf(mode(point)));
        busy.merge(processor(point), idle ? 0 : point.getValue(), Double::sum);
      }
    }
    return busy.isEmpty()
        ? null
        : busy.values().stream().mapToDouble(Double::doubleValue).sum() / busy.size();
  }

  private static @Nullable Double sum(
      Collection<MetricPoint> points, String name, String attribute, String wanted) {
    Double sum = null;
    for (MetricPoint point : points) {
      boolean fits =
          attribute.isEmpty()
              || wanted.equals(point.getAttributes().getOrDefault(attribute, wanted));
      if (point.getName().equals(name) && fits) {
        sum = (sum == null ? 0 : sum) + point.getValue();
      }
    }
    return sum;
  }

  private static @Nullable Double most(Collection<MetricPoint> points, String name) {
    Double most = null;
    for (MetricPoint point : points) {
      if (point.getName().equals(name)) {
        most = Math.max(most == null ? 0 : most, point.getValue());
      }
    }
    return most;
  }

  private static @Nullable Double share(double used, @Nullable Double size) {
    return size == null || size <= 0 ? null : used / size;
  }

  private static String pool(MetricPoint point) {
    Map<String, String> all = point.getAttributes();
    String old = all.getOrDefault("pool.name", all.getOrDefault("name", ""));
    return all.getOrDefault("db.client.connection.pool.name", old);
  }

  private static @Nullable String state(MetricPoint point) {
    Map<String, String> all = point.getAttributes();
    String state = all.get("db.client.connection.state");
    return state != null ? state : all.get("state");
  }

  private static @Nullable String mode(MetricPoint point) {
    Map<String, String> all = point.getAttributes();
    String mode = all.get("cpu.mode");
    return mode != null ? mode : all.getOrDefault("system.cpu.state", all.get("state"));
  }

  private static String processor(MetricPoint point) {
    Map<String, String> all = point.getAttributes();
    String old = all.getOrDefault("system.cpu.logical_number", all.getOrDefault("cpu", ""));
    return all.getOrDefault("cpu.logical_number", old);
  }
}
