package dev.switchgear.recovery.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.recovery.replay.Archive.Volume;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.QuarantinedWork;
import dev.switchgear.schemas.QueueMode;
import dev.switchgear.schemas.QueueState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkAttempt;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.WorkResult;
import dev.switchgear.schemas.streams.DeserializationDeadLetters;
import dev.switchgear.schemas.streams.ProcessingDeadLetters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the shell; those of the ledger itself are tested as properties. */
class ParkingTopologyTest {

  private static final String QUEUE = "orders";
  private static final String BREAKER = "payments/charge";
  private static final Instant START = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final Records RECORDS = Records.builtInOnly();

  /** Partition 0 of topics that are read again. */
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> archive = new HashMap<>();

  private final Set<String> opened = new HashSet<>(Set.of(QUEUE));
  private final Plan plan = new Plan("recovery", 1, 1_000, 10, 3);
  private final Path directory;
  private TopologyTestDriver driver;

  ParkingTopologyTest(@TempDir Path directory) {
    this.directory = directory;
    this.driver = driver("state");
  }

  @BeforeEach
  void start() {
    pass(Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void parkedWork_comesBackWithItsAttemptAndAllThatItCameWith() {
    ParkedWork work = work("a", "key");
    park(work);
    pass(Duration.ofSeconds(2));

    assertThat(read(Topics.replay(QUEUE)))
        .containsExactly(ParkedWork.newBuilder(work).setAttempt(1).build());
  }

  @Test
  void whenDone_theLedgersEntryIsEnded() {
    park(work("a", "key"));
    pass(Duration.ofSeconds(2));
    end("a", "key", 1, WorkResult.DONE);

    assertThat(tombstones()).containsExactly("a");
    pass(Duration.ofSeconds(2));
    assertThat(lastQueueState())
        .satisfies(
            state -> {
              assertThat(state.getMode()).isEqualTo(QueueMode.EMPTY);
              assertThat(state.getParkedTotal()).isEqualTo(1);
              assertThat(state.getDoneTotal()).isEqualTo(1);
            });
  }

  @Test
  void theNextOfAKey_isReleasedByTheOutcomeOfTheFormer() {
    park(work("a", "key"));
    park(work("b", "key"));
    pass(Duration.ofSeconds(2));
    assertThat(releases()).containsExactly("a 1");

    end("a", "key", 1, WorkResult.DONE);
    assertThat(releases()).containsExactly("b 1");
  }

  @Test
  void anOutcomeThatComesTwice_changesNothing() {
    park(work("a", "key"));
    park(work("b", "key"));
    pass(Duration.ofSeconds(2));
    end("a", "key", 1, WorkResult.DONE);
    end("a", "key", 1, WorkResult.DONE);

    assertThat(tombstones()).containsExactly("a");
    assertThat(releases()).containsExactly("a 1", "b 1");
  }

  @Test
  void afterTheLastFailedAttempt_allCausesAreInQuarantine() {
    park(work("a", "key"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      pass(Duration.ofSeconds(5));
      end("a", "key", attempt, WorkResult.FAILED);
    }

    TestRecord<String, QuarantinedWork> given = quarantined().get(0);
    assertThat(given.key()).isEqualTo("orders/a");
    assertThat(given.value().getAttempts())
        .extracting(WorkAttempt::getAttempt)
        .containsExactly(1, 2, 3);
    assertThat(given.value().getAttempts())
        .extracting(WorkAttempt::getCause)
        .containsOnly("because");
    assertThat(tombstones()).containsExactly("a");
  }

  @Test
  void whatWasPutOff_isReleasedAgainAndNotCounted() {
    park(work("a", "key"));
    for (int attempt = 1; attempt <= 5; attempt++) {
      pass(Duration.ofSeconds(2));
      end("a", "key", attempt, WorkResult.DEFERRED);
    }
    pass(Duration.ofSeconds(2));

    assertThat(releases()).hasSize(6).endsWith("a 6");
    assertThat(quarantined()).isEmpty();
  }

  @Test
  void whileTheBreakerIsOpen_nothingIsReleased() {
    obey(State.OPEN, 0);
    park(work("a", "key"));
    pass(Duration.ofSeconds(5));

    assertThat(releases()).isEmpty();
    assertThat(lastQueueState().getMode()).isEqualTo(QueueMode.HOLDING);
  }

  @Test
  void whenTheBreakerLeavesItsRamp_releasesStopAtOnceAndGoOnLater() {
    obey(State.RECOVERING, 5_000);
    park(work("a", "key"));
    park(work("b", "key"));
    pass(Duration.ofSeconds(2));
    obey(State.OPEN, 0);
    end("a", "key", 1, WorkResult.DONE);
    pass(Duration.ofSeconds(5));
    assertThat(releases()).containsExactly("a 1");

    obey(State.CLOSED, 10_000);
    pass(Duration.ofSeconds(1));
    assertThat(releases()).containsExactly("b 1");
  }

  @Test
  void theRate_followsTheAdmittedShare() {
    obey(State.RECOVERING, 100);
    for (int i = 0; i < 100; i++) {
      park(work("item-" + i, "key-" + i));
    }
    pass(Duration.ofSeconds(1));
    releases();
    for (int tenth = 0; tenth < 10; tenth++) {
      answer();
      pass(Duration.ofMillis(100));
    }
    // 1000 per second, 1 percent of it.
    assertThat(state().getReleasePerSecond()).isEqualTo(10);
  }

  @Test
  void whileTheBreakerProbes_parkedWorkIsAProbeAsWell() {
    obey(State.PROBING, 10_000);
    for (int i = 0; i < 20; i++) {
      park(work("item-" + i, "key-" + i));
    }
    pass(Duration.ofSeconds(6));

    assertThat(state().getReleasePerSecond()).isEqualTo(Ramp.PROBES_PER_SECOND);
    assertThat(releases()).hasSizeBetween(9, 12);
  }

  @Test
  void noMoreIsInFlight_thanTheLimitAllows() {
    for (int i = 0; i < 30; i++) {
      park(work("item-" + i, "key-" + i));
    }
    pass(Duration.ofSeconds(10));

    assertThat(releases()).hasSize(plan.inFlightLimit());
  }

  @Test
  void aQueueWithoutItsTopic_isHeldAndSaysSo() {
    opened.clear();
    park(work("a", "key"));
    pass(Duration.ofSeconds(3));
    assertThat(lastQueueState().getMode()).isEqualTo(QueueMode.STOPPED);

    opened.add(QUEUE);
    pass(Duration.ofSeconds(2));
    assertThat(releases()).containsExactly("a 1");
  }

  @Test
  void nonsenseInTheLedger_goesToDeadLettersAndItsEntryIsEnded() {
    ParkedWork nonsense = ParkedWork.newBuilder(work("a", "key")).setQueue("No Queue").build();
    park(nonsense);

    assertThat(letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.value()).isEqualTo(bytes(Topics.PARKED_WORK, nonsense));
              assertThat(header(letter, DeadLetter.ERROR)).contains("queue: \"No Queue\"");
            });
    assertThat(tombstones()).containsExactly("a");
  }

  @Test
  void aBadBreakerState_goesToDeadLettersOnce() {
    input(Topics.BREAKER_STATE.name()).pipeInput(utf8(BREAKER), new byte[] {7, 7, 7});
    pass(Duration.ofSeconds(5));

    assertThat(letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.value()).containsExactly(7, 7, 7);
              assertThat(header(letter, DeadLetter.ERROR)).contains("Not a BreakerState");
              assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo(Topics.BREAKER_STATE.name());
            });
  }

  @Test
  void withoutAnythingKept_theTopicsTellWhatIsUnfinishedAndInFlight() {
    archived(Topics.PARKED_WORK, "done", work("done", "key"));
    archived(Topics.PARKED_WORK, "a", work("a", "key"));
    archived(Topics.PARKED_WORK, "b", work("b", "key"));
    archived(Topics.PARKED_WORK, "c", work("c", "other"));
    archived(Topics.PARKED_WORK, "done", null);
    archived(Topics.WORK_OUTCOMES, "c", outcome("c", "other", 1, WorkResult.DONE));
    archived(Topics.replay(QUEUE), "key", released("a", "key", 4));
    archived(Topics.replay(QUEUE), "other", released("c", "other", 1));
    loseEverything();
    pass(Duration.ofSeconds(3));

    assertThat(releases()).isEmpty();
    assertThat(tombstones()).containsExactly("c");
    // The stream brings again what the rebuild has read, before what is new.
    end("c", "other", 1, WorkResult.DONE);
    end("a", "key", 4, WorkResult.DONE);
    pass(Duration.ofSeconds(1));
    assertThat(releases()).containsExactly("b 1");
  }

  @Test
  void whatTheRebuildHasRead_isPassedOverWhenTheStreamBringsItAgain() {
    archived(Topics.PARKED_WORK, "a", work("a", "key"));
    archived(Topics.PARKED_WORK, "a", null);
    loseEverything();
    pass(Duration.ofSeconds(1));
    // The stream reads from the beginning as well: offsets 0 and 1 are these.
    park(work("a", "key"));
    input(Topics.PARKED_WORK.name()).pipeInput(utf8("a"), (byte[]) null);
    park(work("b", "key"));
    pass(Duration.ofSeconds(2));

    assertThat(releases()).containsExactly("b 1");
  }

  private TopologyTestDriver driver(String state) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, plan.applicationId());
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve(state).toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeserializationDeadLetters.class);
    config.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingDeadLetters.class);
    var topology =
        ParkingTopology.build(
            plan, RECORDS, (topic, partition) -> new MemoryVolume(topic), new MemoryTopics());
    return new TopologyTestDriver(topology, config, START);
  }

  private void loseEverything() {
    driver.close();
    driver = driver("another-state");
  }

  /** Lets time pass in steps of a tick. */
  private void pass(Duration duration) {
    for (long i = 0; i < duration.toMillis() / 100; i++) {
      driver.advanceWallClockTime(Duration.ofMillis(100));
    }
  }

  private void park(ParkedWork work) {
    put(Topics.PARKED_WORK, work.getItemId(), work);
  }

  private void end(String itemId, String workKey, int attempt, WorkResult result) {
    put(Topics.WORK_OUTCOMES, itemId, outcome(itemId, workKey, attempt, result));
  }

  /** Ends all that has been released since the last time. */
  private void answer() {
    for (ParkedWork each : read(Topics.replay(QUEUE))) {
      end(each.getItemId(), each.getWorkKey(), each.getAttempt(), WorkResult.DONE);
    }
  }

  private void obey(State state, int share) {
    BreakerState published =
        BreakerState.newBuilder()
            .setBreaker(BREAKER)
            .setState(state)
            .setEpoch(1)
            .setAdmittedShare(share)
            .setReason("test")
            .setDecidedAtMillis(1)
            .build();
    put(Topics.BREAKER_STATE, BREAKER, published);
  }

  private List<String> releases() {
    return read(Topics.replay(QUEUE)).stream()
        .map(each -> each.getItemId() + " " + each.getAttempt())
        .toList();
  }

  private List<String> tombstones() {
    return output(Topics.PARKED_WORK.name()).stream()
        .filter(each -> each.value() == null)
        .map(each -> new String(each.key(), StandardCharsets.UTF_8))
        .toList();
  }

  private List<TestRecord<String, QuarantinedWork>> quarantined() {
    return driver
        .createOutputTopic(
            Topics.QUARANTINE.name(),
            new StringDeserializer(),
            RECORDS.deserializer(QuarantinedWork.class))
        .readRecordsToList();
  }

  private List<TestRecord<byte[], byte[]>> letters() {
    return output(Topics.DEAD_LETTERS);
  }

  private QueueState lastQueueState() {
    List<QueueState> all = read(Topics.QUEUE_STATE);
    return all.get(all.size() - 1);
  }

  private QueueState state() {
    pass(Duration.ofSeconds(1));
    return lastQueueState();
  }

  private <V extends SpecificRecord> List<V> read(Topic<V> topic) {
    return driver
        .createOutputTopic(
            topic.name(), new StringDeserializer(), RECORDS.deserializer(topic.valueType()))
        .readValuesToList();
  }

  private List<TestRecord<byte[], byte[]>> output(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private <V extends SpecificRecord> void put(Topic<V> topic, String key, V value) {
    input(topic.name()).pipeInput(utf8(key), bytes(topic, value));
  }

  private TestInputTopic<byte[], byte[]> input(String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private <V extends SpecificRecord> void archived(Topic<V> topic, String key, @Nullable V value) {
    List<ConsumerRecord<byte[], byte[]>> all =
        archive.computeIfAbsent(topic.name(), absent -> new ArrayList<>());
    byte[] encoded = RECORDS.serializer(topic.valueType()).serialize(topic.name(), value);
    all.add(new ConsumerRecord<>(topic.name(), 0, all.size(), utf8(key), encoded));
  }

  private static <V extends SpecificRecord> byte[] bytes(Topic<V> topic, V value) {
    return RECORDS.serializer(topic.valueType()).serialize(topic.name(), value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String header(TestRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static ParkedWork released(String itemId, String workKey, int attempt) {
    return ParkedWork.newBuilder(work(itemId, workKey)).setAttempt(attempt).build();
  }

  private static ParkedWork work(String itemId, String workKey) {
    return ParkedWork.newBuilder()
        .setItemId(itemId)
        .setQueue(QUEUE)
        .setWorkKey(workKey)
        .setBreaker(BREAKER)
        .setIdempotencyKey("order of " + itemId)
        .setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .setHeaders(Map.of("tenant", "blue"))
        .setParkedBy("checkout-1")
        .setParkedAtMillis(START.toEpochMilli())
        .build();
  }

  private static WorkOutcome outcome(
      String itemId, String workKey, int attempt, WorkResult result) {
    return WorkOutcome.newBuilder()
        .setItemId(itemId)
        .setQueue(QUEUE)
        .setWorkKey(workKey)
        .setAttempt(attempt)
        .setResult(result)
        .setCause(result == WorkResult.FAILED ? "because" : "")
        .setBy("checkout-2")
        .setAtMillis(1)
        .build();
  }

  private final class MemoryTopics implements ReplayTopics {
    @Override
    public boolean isThere(String queue) {
      return opened.contains(queue);
    }

    @Override
    public boolean isMissing(String queue) {
      return !opened.contains(queue);
    }
  }

  private final class MemoryVolume implements Volume {
    private final String topic;
    private int position;

    MemoryVolume(String topic) {
      this.topic = topic;
    }

    @Override
    public boolean read(Duration budget, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
      List<ConsumerRecord<byte[], byte[]>> all = archive.getOrDefault(topic, List.of());
      while (position < all.size()) {
        reader.accept(all.get(position++));
      }
      return true;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public void close() {}
  }
}
