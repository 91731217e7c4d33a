package dev.switchgear.schemas;

import static dev.switchgear.schemas.Topic.Cleanup.COMPACT;
import static dev.switchgear.schemas.Topic.Cleanup.COMPACT_AND_DELETE;
import static dev.switchgear.schemas.Topic.Cleanup.DELETE;
import static dev.switchgear.schemas.Topic.Durability.LEDGER;
import static dev.switchgear.schemas.Topic.Durability.TELEMETRY;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The catalogue: every topic of Switchgear that has a fixed name, and the rule for those that have
 * not.
 */
public final class Topics {

  /**
   * Partitions of every keyed topic. One constant, because topics that meet in a task must agree on
   * it; four keeps two instances of two threads busy.
   */
  private static final int PARTITIONS = 4;

  private static final Duration SHORT = Duration.ofHours(6);
  private static final Duration LONG = Duration.ofDays(365);
  private static final Duration WEEK = Duration.ofDays(7);

  public static final Topic<Span> SPANS =
      new Topic<>("switchgear.spans", "trace id", Span.class, PARTITIONS, DELETE, SHORT, TELEMETRY);

  public static final Topic<LogEntry> LOGS =
      new Topic<>(
          "switchgear.logs",
          "trace id, else service instance",
          LogEntry.class,
          PARTITIONS,
          DELETE,
          SHORT,
          TELEMETRY);

  public static final Topic<MetricPoint> METRICS =
      new Topic<>(
          "switchgear.metrics",
          "service instance",
          MetricPoint.class,
          PARTITIONS,
          DELETE,
          SHORT,
          TELEMETRY);

  public static final Topic<Observation> OBSERVATIONS =
      new Topic<>(
          "switchgear.observations",
          "breaker id",
          Observation.class,
          PARTITIONS,
          DELETE,
          SHORT,
          TELEMETRY);

  public static final Topic<Policy> POLICIES =
      new Topic<>("switchgear.policies", "breaker pattern", Policy.class, 1, COMPACT, LONG, LEDGER);

  public static final Topic<OperatorCommand> COMMANDS =
      new Topic<>(
          "switchgear.commands",
          "breaker id",
          OperatorCommand.class,
          PARTITIONS,
          DELETE,
          LONG,
          LEDGER);

  public static final Topic<BreakerState> BREAKER_STATE =
      new Topic<>(
          "switchgear.breaker-state",
          "breaker id",
          BreakerState.class,
          PARTITIONS,
          COMPACT,
          LONG,
          LEDGER);

  public static final Topic<BreakerTransition> BREAKER_TRANSITIONS =
      new Topic<>(
          "switchgear.breaker-transitions",
          "breaker id",
          BreakerTransition.class,
          PARTITIONS,
          DELETE,
          LONG,
          LEDGER);

  /** Kept for long after a symptom is over: one that is felt must never be deleted for its age. */
  public static final Topic<SymptomState> SYMPTOMS =
      new Topic<>(
          "switchgear.symptoms",
          "breaker + symptom kind",
          SymptomState.class,
          PARTITIONS,
          COMPACT_AND_DELETE,
          LONG,
          LEDGER);

  /** What each instance wants of each fleet-wide limit: once a second until it is closed. */
  public static final Topic<QuotaDemand> QUOTA_DEMAND =
      new Topic<>(
          "switchgear.quota-demand",
          "limit",
          QuotaDemand.class,
          PARTITIONS,
          DELETE,
          SHORT,
          TELEMETRY);

  /** Who may take how much of each fleet-wide limit. */
  public static final Topic<QuotaState> QUOTAS =
      new Topic<>(
          "switchgear.quotas", "limit", QuotaState.class, PARTITIONS, COMPACT, LONG, LEDGER);

  /** Partitioned by {@link HeartbeatPartition}, not by key. */
  public static final Topic<Heartbeat> HEARTBEATS =
      new Topic<>(
          "switchgear.heartbeats",
          "role + instance",
          Heartbeat.class,
          2,
          COMPACT_AND_DELETE,
          Duration.ofHours(1),
          TELEMETRY);

  /** Partitioned by {@link WorkPartition}, not by key. A tombstone ends an item. */
  public static final Topic<ParkedWork> PARKED_WORK =
      new Topic<>(
          "switchgear.parked-work", "item id", ParkedWork.class, PARTITIONS, COMPACT, LONG, LEDGER);

  /** Partitioned by {@link WorkPartition}, not by key. */
  public static final Topic<WorkOutcome> WORK_OUTCOMES =
      new Topic<>(
          "switchgear.work-outcomes",
          "item id",
          WorkOutcome.class,
          PARTITIONS,
          DELETE,
          WEEK,
          LEDGER);

  public static final Topic<QueueState> QUEUE_STATE =
      new Topic<>("switchgear.queue-state", "queue", QueueState.class, 1, COMPACT, LONG, LEDGER);

  public static final Topic<QuarantinedWork> QUARANTINE =
      new Topic<>(
          "switchgear.quarantine",
          "queue + item id",
          QuarantinedWork.class,
          PARTITIONS,
          DELETE,
          LONG,
          LEDGER);

  /** Bytes as they came; not a record of ours. */
  public static final String DEAD_LETTERS = "switchgear.dead-letters";

  /** Writer schemas as JSON text, keyed by the hexadecimal CRC-64-AVRO fingerprint. */
  public static final String SCHEMAS = "switchgear.schemas";

  private static final Pattern QUEUE_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private Topics() {}

  /** Every topic with a fixed name and a record type. */
  public static List<Topic<?>> all() {
    return List.of(
        SPANS,
        LOGS,
        METRICS,
        OBSERVATIONS,
        POLICIES,
        COMMANDS,
        BREAKER_STATE,
        BREAKER_TRANSITIONS,
        SYMPTOMS,
        QUOTA_DEMAND,
        QUOTAS,
        HEARTBEATS,
        PARKED_WORK,
        WORK_OUTCOMES,
        QUEUE_STATE,
        QUARANTINE);
  }

  /**
   * The topic on which parked work of one queue comes back. Partitioned by {@link WorkPartition}.
   *
   * @param queue 1..63 lower-case letters, digits and hyphens, not starting with a hyphen
   */
  public static Topic<ParkedWork> replay(String queue) {
    if (!QUEUE_NAME.matcher(queue).matches()) {
      throw new IllegalArgumentException(
          "queue: \"" + queue + "\" (expected: 1..63 of a-z, 0-9 and -, not starting with -)");
    }
    return new Topic<>(
        "switchgear.replay." + queue,
        "work key",
        ParkedWork.class,
        PARTITIONS,
        DELETE,
        WEEK,
        LEDGER);
  }
}
