package dev.switchgear.schemas.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topic.Cleanup;
import dev.switchgear.schemas.Topic.Durability;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.embedded.EmbeddedKafka.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicFollowerIT {

  private static final Topic<Policy> TOPIC =
      new Topic<>(
          "policies",
          "pattern",
          Policy.class,
          3,
          Cleanup.COMPACT,
          Duration.ofDays(1),
          Durability.LEDGER);

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Records RECORDS = Records.builtInOnly();

  @TempDir private Path scratch;

  private final Seen seen = new Seen();
  private EmbeddedKafka kafka;
  private Map<String, Object> config;

  /** Notes what it is told: the pattern, "-" before it for a tombstone, "?" for the unreadable. */
  private static final class Seen implements TopicFollower.Listener<Policy> {

    private final Queue<String> all = new ConcurrentLinkedQueue<>();
    private final CountDownLatch awake = new CountDownLatch(1);

    @Override
    public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable Policy value) {
      all.add(value == null ? "-" + record.key() : value.getPattern());
      if ("sleep".equals(record.key())) {
        sleep();
      }
      if ("throw".equals(record.key())) {
        throw new IllegalStateException("from the listener, on purpose");
      }
    }

    @Override
    public void onUnreadable(ConsumerRecord<String, byte[]> record, SerializationException cause) {
      all.add("?" + record.key() + " " + cause.getMessage());
      throw new IllegalStateException("from the listener, on purpose");
    }

    @Override
    public void onMadeAnew() {
      all.add("made anew");
      throw new IllegalStateException("from the listener, on purpose");
    }

    private void sleep() {
      try {
        assertThat(awake.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void awaits(String entry) {
      Eventually.holds(entry + " in " + all, () -> all.contains(entry));
    }
  }

  @BeforeEach
  void startKafka() {
    kafka = EmbeddedKafka.start(new Options(0, scratch.resolve("data")));
    config = Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  @AfterEach
  void stopKafka() {
    kafka.close();
  }

  private int port() {
    String address = kafka.bootstrapServers();
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  @Test
  void whatIsThere_isReadFromEveryPartition_andThenWhatComes() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    send("a", "b", "c", "d", "e", "f");

    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      assertThat(follower.isCaughtUp()).isTrue();
      assertThat(seen.all).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f");

      send("g");
      seen.awaits("g");
    }
  }

  @Test
  void anEmptyTopic_isCaughtUpWithAtOnce() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      assertThat(seen.all).isEmpty();
    }
  }

  @Test
  void aTombstone_isTold() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      sendBytes("a", null);
      seen.awaits("-a");
    }
  }

  @Test
  void theUnreadable_isTold_andTheNextFollows_whateverTheListenerThrows() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    sendBytes("bad", new byte[] {1, 2, 3});
    send("throw");

    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      seen.awaits("?bad Not a Policy (3 bytes on policies)");
      seen.awaits("throw");
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      send("a", "b", "c", "d", "e", "f");
      List.of("a", "b", "c", "d", "e", "f").forEach(seen::awaits);
    }
  }

  @Test
  void whatWasNotCommitted_isNotSeen() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    abort("aborted");
    send("after");

    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      assertThat(seen.all).containsExactly("after");
    }
  }

  @Test
  void aRestartOfTheBroker_isSurvived() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    send("before");
    int port = port();
    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();

      kafka.close();
      kafka = EmbeddedKafka.start(new Options(port, scratch.resolve("data")));
      send("after");

      seen.awaits("after");
      assertThat(seen.all).containsExactly("before", "after");
    }
  }

  @Test
  void startedBeforeTheBroker_itFollowsOnceThereIsOne() throws Exception {
    int port = port();
    kafka.close();
    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(Duration.ofMillis(1))).isFalse();

      kafka = EmbeddedKafka.start(new Options(port, scratch.resolve("data")));
      TopicProvisioning.create(config, List.of(TOPIC));
      send("a");

      seen.awaits("a");
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
    }
  }

  @Test
  void startedBeforeTheTopic_itFollowsOnceThereIsOne() {
    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      assertThat(follower.isCaughtUp()).isFalse();
      TopicProvisioning.create(config, List.of(TOPIC));
      send("a");
      seen.awaits("a");
    }
  }

  @Test
  void aTopicDeletedAndMadeAnew_isReadFromItsNewBeginning() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    send("a", "b", "c", "d", "e", "f");
    try (var follower = TopicFollower.start(TOPIC, quick(), RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();

      makeAnew();
      String[] more = anew(60);
      send(more);

      for (String each : more) {
        seen.awaits(each);
      }
      assertThat(seen.all).contains("made anew");
    }
  }

  /** As of a process that was stopped, or a machine that slept. */
  @Test
  void aTopicMadeAnewUnseen_isReadFromItsNewBeginning_thoughItIsLongerThanTheOld()
      throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    send("a", "b", "c", "d", "e", "f", "sleep");
    try (var follower = TopicFollower.start(TOPIC, particular(), RECORDS, seen)) {
      seen.awaits("sleep");

      makeAnew();
      String[] more = anew(60);
      send(more);
      LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
      seen.awake.countDown();

      for (String each : more) {
        seen.awaits(each);
      }
      assertThat(seen.all).contains("made anew");
      assertThat(follower.isCaughtUp()).isTrue();
    }
  }

  @Test
  void aSleep_isNoReasonToReadAgain() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    send("a", "b", "c", "sleep");
    try (var follower = TopicFollower.start(TOPIC, config, RECORDS, seen)) {
      seen.awaits("sleep");
      LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
      seen.awake.countDown();
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();

      send("after");

      seen.awaits("after");
      assertThat(seen.all).containsExactlyInAnyOrder("a", "b", "c", "sleep", "after");
    }
  }

  @Test
  void startedAtTheEndOfOnePartition_onlyWhatComesThereIsTold() throws Exception {
    TopicProvisioning.create(config, List.of(TOPIC));
    put(1, "before");
    try (var follower = TopicFollower.startAtEnd(TOPIC, 1, config, RECORDS, seen)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();

      put(0, "elsewhere");
      put(1, "after");
      seen.awaits("after");
      assertThat(seen.all).containsExactly("after");
    }
  }

  @Test
  void closed_itsThreadIsGone_alsoWithoutABroker() {
    TopicFollower<Policy> follower = TopicFollower.start(TOPIC, config, RECORDS, seen);
    kafka.close();

    follower.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("switchgear-follow-policies"));
  }

  /** In the midst of opening its consumer, which nobody can wake up yet. */
  @Test
  void closedBeforeItHasBegun_itsThreadIsGone_alsoWithoutABroker() throws Exception {
    kafka.close();
    Map<String, Object> slow = new HashMap<>(config);
    slow.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, List.of(SlowToOpen.class));
    TopicFollower<Policy> follower = TopicFollower.start(TOPIC, slow, RECORDS, seen);
    assertThat(SlowToOpen.OPENING.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();

    follower.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("switchgear-follow-policies"));
  }

  /** Public, for Kafka makes it. */
  public static final class SlowToOpen implements ConsumerInterceptor<String, byte[]> {

    private static final CountDownLatch OPENING = new CountDownLatch(1);

    @Override
    public void configure(Map<String, ?> settings) {
      OPENING.countDown();
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }

    @Override
    public ConsumerRecords<String, byte[]> onConsume(ConsumerRecords<String, byte[]> records) {
      return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
  }

  /** As a guard's: what was created anew is noticed soon. */
  private Map<String, Object> quick() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers(), "metadata.max.age.ms", 1_000);
  }

  private void makeAnew() throws Exception {
    try (Admin admin = Admin.create(config)) {
      admin.deleteTopics(List.of(TOPIC.name())).all().get();
      Eventually.holds("deleted", () -> !exists(admin));
    }
    TopicProvisioning.create(config, List.of(TOPIC));
  }

  private static String[] anew(int records) {
    return IntStream.range(0, records).mapToObj(i -> "anew-" + i).toArray(String[]::new);
  }

  /** What a consumer takes, and a client of another kind does not as it is. */
  private Map<String, Object> particular() throws IOException {
    Path file = scratch.resolve("where.properties");
    Files.writeString(file, "kafka=" + kafka.bootstrapServers());
    return Map.of(
        "bootstrap.servers",
        "${file:" + file + ":kafka}",
        "config.providers",
        "file",
        "config.providers.file.class",
        FileConfigProvider.class.getName(),
        "default.api.timeout.ms",
        10_000);
  }

  private static boolean exists(Admin admin) {
    try {
      return admin.listTopics().names().get().contains(TOPIC.name());
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError("Cannot list topics", e);
    }
  }

  private void put(int partition, String pattern) throws Exception {
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), RECORDS.serializer(Policy.class))) {
      producer.send(new ProducerRecord<>(TOPIC.name(), partition, pattern, policy(pattern))).get();
    }
  }

  private void send(String... patterns) {
    for (String pattern : patterns) {
      sendBytes(pattern, RECORDS.serializer(Policy.class).serialize(TOPIC.name(), policy(pattern)));
    }
  }

  private static Policy policy(String pattern) {
    return Policy.newBuilder()
        .setPattern(pattern)
        .setVersion(1)
        .setDocument("{}")
        .setWho("me")
        .setWhy("a test")
        .setAtMillis(0)
        .build();
  }

  private void sendBytes(String key, byte @Nullable [] value) {
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPIC.name(), key, value)).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError("Cannot send " + key, e);
    }
  }

  private void abort(String pattern) {
    Map<String, Object> transactional =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "test");
    try (var producer =
        new KafkaProducer<>(transactional, new StringSerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      Future<?> sent =
          producer.send(
              new ProducerRecord<>(
                  TOPIC.name(),
                  pattern,
                  RECORDS.serializer(Policy.class).serialize(TOPIC.name(), policy(pattern))));
      producer.flush();
      assertThat(sent).isDone();
      producer.abortTransaction();
    }
  }
}
