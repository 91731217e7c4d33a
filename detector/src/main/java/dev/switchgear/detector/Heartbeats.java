package dev.switchgear.detector;

import dev.switchgear.detector.state.DetectorState;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells guards once a second that this detector judges; where no detector says so for a while, they
 * judge by themselves. Says first which schemas this detector writes with. A daemon thread of its
 * own does it.
 */
final class Heartbeats implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final String ROLE = "detector";
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final KafkaProducer<String, String> schemas;
  private final KafkaProducer<String, Heartbeat> beats;
  private final String instance;
  private final Working working;
  private final long startedAtMillis = System.currentTimeMillis();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "switchgear-detector-heartbeat");
  private boolean announced;
  private boolean failing;

  /** Whether there is anything to say. */
  interface Working {
    boolean now() throws InterruptedException;
  }

  private Heartbeats(
      Map<String, Object> config,
      Serializer<Heartbeat> serializer,
      String instance,
      Working working) {
    this.schemas = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    this.beats = new KafkaProducer<>(config, new StringSerializer(), serializer);
    this.instance = instance;
    this.working = working;
    thread.setDaemon(true);
  }

  static Heartbeats start(Map<String, Object> clients, String instance, Working working) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3_000);
    Serializer<Heartbeat> serializer = Records.builtInOnly().serializer(Heartbeat.class);
    Heartbeats heartbeats = new Heartbeats(config, serializer, instance, working);
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
        if (working.now()) {
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
      String key = ROLE + "/" + instance;
      beats.send(new ProducerRecord<>(Topics.HEARTBEATS.name(), key, heartbeat)).get();
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
    for (Schema schema : DetectorState.PROTOCOL.getTypes()) {
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
        .setRole(ROLE)
        .setInstance(instance)
        .setAtMillis(System.currentTimeMillis())
        .setStartedAtMillis(startedAtMillis)
        .setVersion(
            Objects.requireNonNullElse(Detector.class.getPackage().getImplementationVersion(), ""))
        .build();
  }
}
