package dev.switchgear.schemas.streams;

import static java.util.Objects.requireNonNullElse;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.HeartbeatPartition;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once a second that an instance of an application works, so that one that is down can be told
 * from one that has nothing to say. Says first which schemas it writes with, those of its stores
 * included. A daemon thread of its own does it. Thread-safe.
 */
public final class Heartbeats implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final String role;
  private final StreamsApp app;
  private final Collection<Schema> stores;
  private final KafkaProducer<String, String> schemas;
  private final KafkaProducer<String, Heartbeat> beats;
  private final String instance = UUID.randomUUID().toString();
  private final long startedAtMillis = System.currentTimeMillis();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private boolean announced;
  private boolean failing;

  private Heartbeats(
      String role, StreamsApp app, Collection<Schema> stores, Map<String, Object> config) {
    this.role = role;
    this.app = app;
    this.stores = stores;
    this.schemas = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    this.beats =
        new KafkaProducer<>(
            config, new StringSerializer(), Records.builtInOnly().serializer(Heartbeat.class));
    this.thread = new Thread(this::run, "switchgear-" + role + "-heartbeats");
    thread.setDaemon(true);
  }

  /**
   * Begins; nothing is said while the application does not work.
   *
   * @param role what the application is, such as {@code detector}
   * @param stores schemas of the records in its stores
   * @param clients client configuration, {@code bootstrap.servers} at least
   */
  public static Heartbeats start(
      String role, StreamsApp app, Collection<Schema> stores, Map<String, Object> clients) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3_000);
    Heartbeats heartbeats = new Heartbeats(role, app, stores, config);
    heartbeats.thread.start();
    return heartbeats;
  }

  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    schemas.close(CLOSE_TIMEOUT);
    beats.close(CLOSE_TIMEOUT);
  }

  private void run() {
    try {
      do {
        if (app.awaitRunning(Duration.ZERO)) {
          tell();
        }
      } while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for what it sends: the next heartbeat is due when this one has arrived or failed. */
  private void tell() throws InterruptedException {
    try {
      if (!announced) {
        announce();
      }
      Heartbeat heartbeat = heartbeat();
      String key = role + "/" + instance;
      String topic = Topics.HEARTBEATS.name();
      int partition = HeartbeatPartition.of(role, beats.partitionsFor(topic).size());
      beats.send(new ProducerRecord<>(topic, partition, key, heartbeat)).get();
      failing = false;
    } catch (ExecutionException | KafkaException e) {
      if (!failing) {
        LOG.warn("Heartbeats do not arrive; trying again every second", e);
      }
      failing = true;
    }
  }

  private void announce() throws ExecutionException, InterruptedException {
    List<ProducerRecord<String, String>> all = new ArrayList<>(SchemaDirectory.announcements());
    for (Schema schema : stores) {
      long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
      String key = Long.toHexString(fingerprint);
      all.add(new ProducerRecord<>(Topics.SCHEMAS, key, schema.toString()));
    }
    List<Future<?>> sent = new ArrayList<>();
    all.forEach(each -> sent.add(schemas.send(each)));
    for (Future<?> each : sent) {
      each.get();
    }
    announced = true;
  }

  private Heartbeat heartbeat() {
    return Heartbeat.newBuilder()
        .setRole(role)
        .setInstance(instance)
        .setAtMillis(System.currentTimeMillis())
        .setStartedAtMillis(startedAtMillis)
        .setVersion(
            requireNonNullElse(StreamsApp.class.getPackage().getImplementationVersion(), ""))
        .build();
  }
}
