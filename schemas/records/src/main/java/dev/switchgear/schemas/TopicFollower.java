package dev.switchgear.schemas;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every partition of a topic from its beginning and on, or one from its end on, on a daemon
 * thread of its own, without a consumer group: each follower sees everything. Reads only committed
 * records. Whatever Kafka does, the thread lives until {@link #close}: an unreachable cluster is
 * tried again, a record that does not decode is given to {@link Listener#onUnreadable}, a topic
 * that was deleted and made anew is read from its beginning, unless it grew within seconds beyond
 * what had been read of the old one.
 *
 * <p>Thread-safe; the listener is called by the follower's thread only.
 */
public final class TopicFollower<V extends SpecificRecord> implements AutoCloseable {

  /**
   * Receives what is read. Must return soon; what it throws is logged and the next record follows.
   */
  public interface Listener<V> {
    /**
     * One record.
     *
     * @param value null for a tombstone
     */
    void onRecord(ConsumerRecord<String, byte[]> record, @Nullable V value);

    /** What was read at once has been given; more may take a moment. */
    default void onBatch() {}

    /**
     * The topic was deleted and made anew. What was read before is not on it, but for some that may
     * have been read in the last moments; all that is on it follows.
     */
    default void onMadeAnew() {}

    /** A record that is not what the topic should hold. */
    default void onUnreadable(ConsumerRecord<String, byte[]> record, SerializationException cause) {
      LOG.warn("Skipping {}-{}@{}", record.topic(), record.partition(), record.offset(), cause);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Shorter than closing takes, and than anybody would wait for a state. */
  private static final Duration LOOK_WITHIN = Duration.ofSeconds(3);

  /** It takes a client of its own. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final String topic;
  private final Deserializer<V> deserializer;
  private final Map<String, Object> config;
  private final Listener<V> listener;
  private final @Nullable Integer onlyPartition;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /** Of the topic that is read; zero where the brokers know of no ids, or did not tell. */
  private Uuid followed = Uuid.ZERO_UUID;

  /** Whether the topic may have been made anew since its id was looked at. */
  private boolean doubted;

  private long lookedNanos = System.nanoTime() - LOOK_AGAIN.toNanos();
  private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

  private TopicFollower(
      Topic<V> topic,
      @Nullable Integer onlyPartition,
      Map<String, Object> kafka,
      Records records,
      Listener<V> listener) {
    this.topic = topic.name();
    this.onlyPartition = onlyPartition;
    this.deserializer = records.deserializer(topic.valueType());
    this.listener = listener;
    this.config = new HashMap<>(kafka);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    this.thread = new Thread(this::run, "switchgear-follow-" + topic.name());
    thread.setDaemon(true);
  }

  /**
   * Starts following. Returns at once, also when Kafka cannot be reached.
   *
   * @param kafka client configuration, {@code bootstrap.servers} at least
   */
  public static <V extends SpecificRecord> TopicFollower<V> start(
      Topic<V> topic, Map<String, Object> kafka, Records records, Listener<V> listener) {
    return started(new TopicFollower<>(topic, null, kafka, records, listener));
  }

  /**
   * Starts following one partition, from its end on: of what was there before nothing is given, nor
   * after a cluster was out of reach for so long that a new connection had to be made.
   *
   * @param partition 0 or more
   * @param kafka client configuration, {@code bootstrap.servers} at least
   */
  public static <V extends SpecificRecord> TopicFollower<V> startAtEnd(
      Topic<V> topic,
      int partition,
      Map<String, Object> kafka,
      Records records,
      Listener<V> listener) {
    return started(new TopicFollower<>(topic, partition, kafka, records, listener));
  }

  private static <V extends SpecificRecord> TopicFollower<V> started(TopicFollower<V> follower) {
    follower.thread.start();
    return follower;
  }

  /**
   * Waits until everything that was on the topic when following began has been given to the
   * listener.
   *
   * @return false if that took longer than the timeout
   */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return caughtUp.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** True once {@link #awaitCaughtUp} would return at once. */
  public boolean isCaughtUp() {
    return caughtUp.getCount() == 0;
  }

  /** Stops following; waits at most five seconds for the listener to return. */
  @Override
  public void close() {
    stop.countDown();
    KafkaConsumer<String, byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping()) {
      try (var opened =
          new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
        consumer = opened;
        if (!stopping()) { // Else nobody has woken it up.
          follow(opened);
        }
      } catch (WakeupException e) {
        LOG.debug("Stopped following {}", topic);
      } catch (InvalidOffsetException e) {
        LOG.info("{} no longer has what follows; opening it again", topic, e);
      } catch (KafkaException e) {
        LOG.warn("Lost {}; trying again in {} ms", topic, RETRY.toMillis(), e);
        pause();
      }
    }
  }

  private void follow(KafkaConsumer<String, byte[]> opened) {
    Collection<TopicPartition> partitions = partitions(opened);
    if (partitions.isEmpty()) {
      pause();
      return;
    }
    begin();
    opened.assign(partitions);
    if (onlyPartition == null) {
      opened.seekToBeginning(partitions);
    } else {
      opened.seekToEnd(partitions);
    }
    Map<TopicPartition, Long> ends = opened.endOffsets(partitions, METADATA_TIMEOUT);
    FetchGaps gaps = new FetchGaps(opened);
    while (!stopping() && !isMadeAnew()) {
      opened.poll(POLL).forEach(this::deliver);
      tell("at the end of a batch", listener::onBatch);
      doubted |= gaps.hasOneEnded();
      if (!isCaughtUp() && reached(opened, ends)) {
        caughtUp.countDown();
      }
    }
  }

  private void begin() {
    Uuid id = topicId().orElse(followed);
    boolean anew = !followed.equals(Uuid.ZERO_UUID) && !followed.equals(id);
    followed = id;
    if (anew) {
      LOG.info("{} was made anew", topic);
      tell("to hear that it was made anew", listener::onMadeAnew);
    }
  }

  /**
   * A consumer does not tell where the new topic is longer than the part that was read of the old:
   * it reads on from there, and what lies before would be missed.
   */
  private boolean isMadeAnew() {
    long now = System.nanoTime();
    if (!doubted || now - lookedNanos < LOOK_AGAIN.toNanos()) {
      return false;
    }
    lookedNanos = now;
    Optional<Uuid> id = topicId();
    doubted = id.isEmpty();
    return id.isPresent() && !id.get().equals(followed);
  }

  /** Empty where there is no such topic, or nobody tells: that holds up no follower. */
  private Optional<Uuid> topicId() {
    Map<String, Object> settings = new HashMap<>(config);
    settings.remove(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG); // Has another least here.
    var within = new DescribeTopicsOptions().timeoutMs(Math.toIntExact(LOOK_WITHIN.toMillis()));
    try (Admin admin = Admin.create(settings)) {
      var described = admin.describeTopics(List.of(topic), within).allTopicNames().get();
      return Optional.of(described.values().iterator().next().topicId());
    } catch (ExecutionException | KafkaException e) {
      LOG.info("Cannot look whether {} is still the same topic: {}", topic, e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Collection<TopicPartition> partitions(KafkaConsumer<String, byte[]> opened) {
    return opened.partitionsFor(topic, METADATA_TIMEOUT).stream()
        .filter(info -> onlyPartition == null || info.partition() == onlyPartition)
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private static boolean reached(
      KafkaConsumer<String, byte[]> opened, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> opened.position(end.getKey(), METADATA_TIMEOUT) >= end.getValue());
  }

  private void deliver(ConsumerRecord<String, byte[]> record) {
    try {
      decode(record);
    } catch (RuntimeException e) {
      LOG.error("Listener failed on {}-{}@{}", topic, record.partition(), record.offset(), e);
    }
  }

  private void tell(String what, Runnable listening) {
    try {
      listening.run();
    } catch (RuntimeException e) {
      LOG.error("Listener of {} failed {}", topic, what, e);
    }
  }

  private void decode(ConsumerRecord<String, byte[]> record) {
    V value;
    try {
      value = deserializer.deserialize(topic, record.value());
    } catch (SerializationException e) {
      listener.onUnreadable(record, e);
      return;
    }
    listener.onRecord(record, value);
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  private void pause() {
    try {
      boolean stopped = stop.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
      LOG.trace("Waited to follow {} again, stopped: {}", topic, stopped);
    } catch (InterruptedException e) {
      stop.countDown();
      Thread.currentThread().interrupt();
    }
  }
}
