package dev.switchgear.detector;

import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.detector.state.KeptSeries;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topics;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;

/**
 * What flows where.
 *
 * <pre>
 * switchgear.spans --> span-lane --> switchgear.observations
 *                      (span-numbering)
 *
 * switchgear.metrics --> metric-lane ---+--> switchgear.observations
 *                        (metric-series,   +--> APPLICATION-levels
 *                         metric-sums,
 *                         metric-numbering)
 *
 * switchgear.observations --+
 * switchgear.commands ------+
 * APPLICATION-levels -------+--> judge ---------+--> switchgear.breaker-state
 * APPLICATION-ticks --------+   (breakers,      +--> switchgear.breaker-transitions
 *        ^                      felt-symptoms,  +--> switchgear.symptoms
 *        |                      series)
 *        +------ (a timer) ---------+
 *
 * switchgear.policies --> policy-desk       (to dead letters, what nobody can use)
 *
 * switchgear.quota-demand --> quota-desk --> switchgear.quotas
 *                             (quotas)
 * </pre>
 *
 * Guards write to switchgear.observations themselves. Observations and commands are keyed by
 * breaker, levels by service, which is the id of the breaker of all its calls; all have the same
 * number of partitions, so whatever concerns a breaker meets in one task. Nothing here goes by
 * Kafka's timestamps or by stream time, so every record counts as of when it is read, and neither
 * topic waits for the other. Policies concern every breaker, so each instance follows their topic
 * by itself ({@link RunningPolicies}).
 *
 * <p>Nothing is decided by a timer. A timer only asks for a tick, and the reading of the tick
 * decides: because a transaction that moves no offset is not fenced, and an instance that was
 * thought dead could still publish what its timer decided.
 */
final class DetectorTopology {

  static final String BREAKERS = "breakers";
  static final String FELT_SYMPTOMS = "felt-symptoms";
  static final String SERIES = "series";
  static final String QUOTAS = "quotas";
  static final String SPAN_NUMBERING = "span-numbering";
  static final String METRIC_SERIES = "metric-series";
  static final String METRIC_SUMS = "metric-sums";
  static final String METRIC_NUMBERING = "metric-numbering";
  static final String METRIC_OBSERVATIONS = "metric-observations";
  static final String SPAN_OBSERVATIONS = "span-observations";
  static final String SPAN_DEAD_LETTERS = "span-dead-letters";
  static final String DEAD_LETTERS = "dead-letters";
  static final String METRIC_LEVELS = "metric-levels";
  static final String STATES = "breaker-states";
  static final String TRANSITIONS = "breaker-transitions";
  static final String SYMPTOMS = "symptoms";
  static final String QUOTA_STATES = "quota-states";
  static final String STRAY_OBSERVATIONS = "stray-observations";
  static final String STRAY_COMMANDS = "stray-commands";

  private static final String SPANS = "spans";
  private static final String SPAN_LANE = "span-lane";
  private static final String METRICS = "metrics";
  private static final String METRIC_LANE = "metric-lane";
  private static final String OBSERVATIONS = "observations";
  private static final String COMMANDS = "commands";
  private static final String LEVELS = "levels";
  private static final String TICKS = "ticks";
  private static final String JUDGE = "judge";
  private static final String POLICIES = "policies";
  private static final String POLICY_DESK = "policy-desk";

  /** Sorts last: Streams numbers the tasks by the names of their sources. */
  private static final String WANTED = "wanted-of-quotas";

  private static final String QUOTA_DESK = "quota-desk";

  private final Topology topology = new Topology();
  private final TimestampExtractor asRead = new WallclockTimestampExtractor();
  private final Records records;

  private DetectorTopology(Records records) {
    this.records = records;
  }

  static Topology of(Records records, FleetView fleet, Topic<ServiceLevels> levels, Ticker ticker) {
    DetectorTopology flow = new DetectorTopology(records);
    flow.spanLane();
    flow.judge(fleet, levels, ticker);
    flow.policyDesk();
    flow.metricLane(levels);
    flow.quotaDesk(fleet);
    return flow.topology;
  }

  private void spanLane() {
    Deserializer<Span> decoder = records.deserializer(Span.class);
    source(SPANS, Topics.SPANS, Bundle.orOne(decoder));
    topology.addProcessor(SPAN_LANE, () -> new SpanLane(decoder), SPANS);
    store(SPAN_NUMBERING, KeptNumbering.class, SPAN_LANE);
    sink(SPAN_OBSERVATIONS, Topics.OBSERVATIONS, Observation.class, SPAN_LANE);
    deadLetters(SPAN_DEAD_LETTERS, SPAN_LANE);
  }

  private void metricLane(Topic<ServiceLevels> levels) {
    source(METRICS, Topics.METRICS, MetricPoint.class);
    topology.addProcessor(METRIC_LANE, MetricLane::new, METRICS);
    store(METRIC_SERIES, MetricPoint.class, METRIC_LANE);
    store(METRIC_SUMS, Observation.class, METRIC_LANE);
    store(METRIC_NUMBERING, KeptNumbering.class, METRIC_LANE);
    sink(METRIC_OBSERVATIONS, Topics.OBSERVATIONS, Observation.class, METRIC_LANE);
    sink(METRIC_LEVELS, levels, ServiceLevels.class, METRIC_LANE);
  }

  private void judge(FleetView fleet, Topic<ServiceLevels> levels, Ticker ticker) {
    Deserializer<Observation> decoder = records.deserializer(Observation.class);
    source(OBSERVATIONS, Topics.OBSERVATIONS, Bundle.orOne(decoder));
    source(COMMANDS, Topics.COMMANDS, OperatorCommand.class);
    source(TICKS, ticker.topic(), Tick.class);
    source(LEVELS, levels, ServiceLevels.class);
    topology.addProcessor(
        JUDGE,
        () -> new Judge(fleet, ticker, new ReportReader(decoder)),
        OBSERVATIONS,
        COMMANDS,
        LEVELS,
        TICKS);
    store(BREAKERS, KeptBreaker.class, JUDGE);
    store(SERIES, KeptSeries.class, JUDGE);
    store(FELT_SYMPTOMS, SymptomState.class, JUDGE);
    sink(STATES, Topics.BREAKER_STATE, BreakerState.class, JUDGE);
    sink(TRANSITIONS, Topics.BREAKER_TRANSITIONS, BreakerTransition.class, JUDGE);
    sink(SYMPTOMS, Topics.SYMPTOMS, SymptomState.class, JUDGE);
    deadLetters(DEAD_LETTERS, JUDGE);
    sink(STRAY_OBSERVATIONS, Topics.OBSERVATIONS, Observation.class, JUDGE);
    sink(STRAY_COMMANDS, Topics.COMMANDS, OperatorCommand.class, JUDGE);
  }

  private void policyDesk() {
    source(POLICIES, Topics.POLICIES, Policy.class);
    topology.addProcessor(POLICY_DESK, PolicyDesk::new, POLICIES);
  }

  private void quotaDesk(FleetView fleet) {
    source(WANTED, Topics.QUOTA_DEMAND, QuotaDemand.class);
    topology.addProcessor(QUOTA_DESK, () -> new QuotaDesk(fleet.policies()), WANTED);
    store(QUOTAS, QuotaState.class, QUOTA_DESK);
    sink(QUOTA_STATES, Topics.QUOTAS, QuotaState.class, QUOTA_DESK);
  }

  private <V extends SpecificRecord> void source(String node, Topic<V> topic, Class<V> type) {
    source(node, topic, records.deserializer(type));
  }

  private void source(String node, Topic<?> topic, Deserializer<?> values) {
    topology.addSource(
        AutoOffsetReset.earliest(), node, asRead, new StringDeserializer(), values, topic.name());
  }

  private <V extends SpecificRecord> void sink(
      String node, Topic<V> topic, Class<V> type, String parent) {
    topology.addSink(
        node,
        topic.name(),
        new StringSerializer(),
        records.serializer(type),
        DetectorTopology::partition,
        parent);
  }

  /** All that is written is keyed by breaker, and lies with the whole that it is a part of. */
  private static Optional<Set<Integer>> partition(
      String topic, String breaker, SpecificRecord value, int partitions) {
    return Optional.of(Set.of(BreakerId.partition(breaker, partitions)));
  }

  /** What a bundle holds and nobody can use; a record that comes alone is refused by Streams. */
  private void deadLetters(String node, String parent) {
    var bytes = new ByteArraySerializer();
    topology.addSink(node, Topics.DEAD_LETTERS, bytes, bytes, parent);
  }

  private <V extends SpecificRecord> void store(String name, Class<V> type, String processor) {
    topology.addStateStore(WriteBehindStoreBuilder.of(name, type, records), processor);
  }
}
