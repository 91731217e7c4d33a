package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.state.Grant;
import dev.switchgear.recovery.state.KnownQueue;
import dev.switchgear.recovery.state.PartStanding;
import dev.switchgear.recovery.state.Tick;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.QuarantinedWork;
import dev.switchgear.schemas.QueueState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkPartition;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The stream of recovery-actions.
 *
 * <pre>
 * parked-work    --+
 * work-outcomes  --+-->  park-and-replay  --> replay.QUEUE, parked-work (tombstones), quarantine
 * ticks, grants  --+         |    ^           dead-letters, ticks
 * breaker-state  (all of it) |    |
 *                   standings|    |grants
 *                            v    |
 *                         share-out       --> queue-state
 * </pre>
 *
 * <p>A task of {@code park-and-replay} owns one partition of the ledger with all that belongs to
 * its items. {@code share-out} sums each queue over the partitions, and divides its in-flight
 * limit.
 *
 * <p>Nothing is released by a timer. A timer only writes a tick, and the reading of the tick
 * releases: because a transaction that moves no offset is not fenced, and an instance that was
 * thought dead could still commit what its timer did.
 */
public final class ParkingTopology {

  static final String BREAKERS = "breakers";
  static final String PARKING = "parking";
  static final String QUEUES = "queues";

  static final String REPLAY = "replay";
  static final String FINISHED = "finished";
  static final String QUARANTINE = "quarantine";
  static final String DEAD_LETTERS = "dead-letters";
  static final String PASS_TIME = "pass-time";
  static final String TELLING = "telling";
  static final String GRANTING = "granting";
  static final String QUEUE_STATE = "queue-state";

  private static final String PARK_AND_REPLAY = "park-and-replay";
  private static final String SHARE_OUT = "share-out";

  private final Plan plan;
  private final Records records;
  private final Topology topology = new Topology();

  private ParkingTopology(Plan plan, Records records) {
    this.plan = plan;
    this.records = records;
  }

  /** The topology of one instance; what it is given is shared by the instance's threads. */
  public static Topology build(
      Plan plan, Records records, Archive archive, ReplayTopics replayTopics) {
    var built = new ParkingTopology(plan, records);
    var letters = new BreakerLetters();
    built.followBreakers(letters);
    built.parkAndReplay(letters, archive, replayTopics);
    built.shareOut();
    return built.topology;
  }

  private void followBreakers(BreakerLetters letters) {
    StoreBuilder<KeyValueStore<String, BreakerState>> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(BREAKERS),
                Serdes.String(),
                records.serde(BreakerState.class))
            .withLoggingDisabled();
    topology.addGlobalStore(
        store,
        "breaker-states",
        new StringDeserializer(),
        new ByteArrayDeserializer(),
        Topics.BREAKER_STATE.name(),
        "follow-breakers",
        () -> new BreakerFollower(records.deserializer(BreakerState.class), letters));
  }

  private void parkAndReplay(BreakerLetters letters, Archive archive, ReplayTopics replayTopics) {
    source("parked-work", Topics.PARKED_WORK);
    source("work-outcomes", Topics.WORK_OUTCOMES);
    source("grants", plan.grants());
    source("ticks", plan.ticks());
    topology.addProcessor(
        PARK_AND_REPLAY,
        () -> new ParkingProcessor(plan, records, archive, replayTopics, letters),
        "parked-work",
        "work-outcomes",
        "grants",
        "ticks");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(PARKING), Serdes.String(), Serdes.ByteArray()),
        PARK_AND_REPLAY);
    topology.addSink(
        REPLAY,
        ParkingTopology::replayTopic,
        new StringSerializer(),
        serializer(ParkedWork.class),
        ParkingTopology::partitionOf,
        PARK_AND_REPLAY);
    topology.addSink(
        FINISHED,
        Topics.PARKED_WORK.name(),
        ItemEnd::serialize,
        serializer(ParkedWork.class),
        ItemEnd::partitionOf,
        PARK_AND_REPLAY);
    topology.addSink(
        QUARANTINE,
        Topics.QUARANTINE.name(),
        new StringSerializer(),
        serializer(QuarantinedWork.class),
        PARK_AND_REPLAY);
    topology.addSink(
        DEAD_LETTERS,
        Topics.DEAD_LETTERS,
        new ByteArraySerializer(),
        new ByteArraySerializer(),
        PARK_AND_REPLAY);
    topology.addSink(
        PASS_TIME,
        plan.ticks().name(),
        new StringSerializer(),
        serializer(Tick.class),
        ParkingTopology::partitionOf,
        PARK_AND_REPLAY);
    topology.addSink(
        TELLING,
        plan.standings().name(),
        new StringSerializer(),
        serializer(PartStanding.class),
        PARK_AND_REPLAY);
  }

  private void shareOut() {
    source("standings", plan.standings());
    topology.addProcessor(SHARE_OUT, () -> new QueueProcessor(plan), "standings");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(QUEUES), Serdes.String(), records.serde(KnownQueue.class)),
        SHARE_OUT);
    topology.addSink(
        GRANTING,
        plan.grants().name(),
        new StringSerializer(),
        serializer(Grant.class),
        ParkingTopology::partitionOf,
        SHARE_OUT);
    topology.addSink(
        QUEUE_STATE,
        Topics.QUEUE_STATE.name(),
        new StringSerializer(),
        serializer(QueueState.class),
        SHARE_OUT);
  }

  private <V extends SpecificRecord> void source(String name, Topic<V> topic) {
    Deserializer<V> deserializer = records.deserializer(topic.valueType());
    topology.addSource(name, new StringDeserializer(), deserializer, topic.name());
  }

  private <V extends SpecificRecord> Serializer<V> serializer(Class<V> type) {
    return records.serializer(type);
  }

  private static String replayTopic(String workKey, ParkedWork work, RecordContext context) {
    return Topics.replay(work.getQueue()).name();
  }

  private static Optional<Set<Integer>> partitionOf(
      String topic, String workKey, ParkedWork work, int partitions) {
    return Optional.of(Set.of(WorkPartition.of(work.getQueue(), work.getWorkKey(), partitions)));
  }

  private static Optional<Set<Integer>> partitionOf(
      String topic, String partition, Tick tick, int partitions) {
    return Optional.of(Set.of(tick.getPartition()));
  }

  private static Optional<Set<Integer>> partitionOf(
      String topic, String queue, Grant grant, int partitions) {
    return Optional.of(Set.of(grant.getPartition()));
  }
}
