package dev.switchgear.recovery;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.streams.StreamsApp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once a second that this instance lives, for as long as its stream does. A daemon thread of
 * its own does it.
 */
final class Heartbeats implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final String ROLE = "recovery-actions";
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final String instance = UUID.randomUUID().toString();
  private final long startedAtMillis = System.currentTimeMillis();
  private final StreamsApp app;
  private final Serializer<Heartbeat> serializer;
  private final KafkaProducer<String, byte[]> producer;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "switchgear-recovery-heartbeats");

  private Heartbeats(StreamsApp app, Map<String, Object> clients, Records records) {
    this.app = app;
    this.serializer = records.serializer(Heartbeat.class);
    this.producer =
        new KafkaProducer<>(config(clients), new StringSerializer(), new ByteArraySerializer());
    thread.setDaemon(true);
  }

  static Heartbeats start(StreamsApp app, Map<String, Object> clients, Records records) {
    var heartbeats = new Heartbeats(app, clients, records);
    heartbeats.thread.start();
    return heartbeats;
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_TIMEOUT);
  }

  private void run() {
    try {
      do {
        if (app.awaitRunning(Duration.ZERO)) {
          beat();
        }
      } while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The callback is told.
  private void beat() {
    Heartbeat heartbeat =
        Heartbeat.newBuilder()
            .setRole(ROLE)
            .setInstance(instance)
            .setAtMillis(System.currentTimeMillis())
            .setStartedAtMillis(startedAtMillis)
            .build();
    String topic = Topics.HEARTBEATS.name();
    var record =
        new ProducerRecord<>(topic, ROLE + "/" + instance, serializer.serialize(topic, heartbeat));
    producer.send(
        record,
        (metadata, failure) -> {
          if (failure != null) {
            LOG.debug("A heartbeat was not sent", failure);
          }
        });
  }

  /** A heartbeat is worth nothing later: it is dropped rather than waited for. */
  private static Map<String, Object> config(Map<String, Object> clients) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.ACKS_CONFIG, "1");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    return config;
  }
}
