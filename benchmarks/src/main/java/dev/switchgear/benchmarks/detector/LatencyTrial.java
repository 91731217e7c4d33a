package dev.switchgear.benchmarks.detector;

import dev.switchgear.benchmarks.broker.BrokerProcess;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends a steady load, and ten times a second a dependency that fails from its first call on: from
 * the end of that call until a reader of committed records sees the breaker open. Before it counts
 * the same load makes the detector's code warm, and the detector may read what has piled up while
 * it was cold. Whoever sends, the broker, the detector and the reader share the machine, as the
 * figures show.
 */
public final class LatencyTrial {

  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final long BEACON_NANOS = 100_000_000;

  /** Whoever sends faster than the broker takes it has to wait, rather than the record. */
  private static final long BUFFER_BYTES = 2 << 20;

  private static final long SLICE_NANOS = 1_000_000;

  private final Lane lane;
  private final BrokerProcess broker;
  private final Serializer<SpecificRecord> serializer;
  private final Map<String, Long> born = new ConcurrentHashMap<>();
  private final List<Long> waits = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;
  private final List<Stencil> stencils;
  private int turn;
  private long written;
  private int beacons;

  private LatencyTrial(Lane lane, BrokerProcess broker) {
    this.lane = lane;
    this.broker = broker;
    this.serializer = FullTopic.serializer(lane);
    this.stencils = Stencil.ofAll(lane, System.currentTimeMillis());
  }

  /**
   * How long decisions took.
   *
   * @param wantedPerSecond records a second that were to be sent
   * @param sentPerSecond records a second that could be sent beside everything else
   * @param decisions breakers that opened
   * @param missing breakers that failed and had not opened ten seconds after the last record
   */
  public record Result(
      Lane lane,
      int percent,
      long wantedPerSecond,
      long sentPerSecond,
      int decisions,
      int missing,
      long p50Millis,
      long p99Millis) {}

  /** Runs one, at some percent of a rate. */
  public static Result run(Lane lane, int percent, long rate, Duration time)
      throws IOException, InterruptedException, TimeoutException {
    try (BrokerProcess broker = BrokerProcess.start();
        RunningDetector detector = RunningDetector.start(broker)) {
      return new LatencyTrial(lane, broker).run(percent, rate * percent / 100, time, detector);
    }
  }

  private Result run(int percent, long perSecond, Duration time, RunningDetector detector)
      throws InterruptedException, TimeoutException {
    Thread reader = new Thread(this::read, "reader");
    reader.start();
    long sent;
    try {
      send(perSecond, WARM_UP);
      awaitRead(detector);
      waits.clear();
      born.clear();
      beacons = 0;
      sent = send(perSecond, time);
      awaitLastDecisions();
    } finally {
      over = true;
      reader.join();
    }
    List<Long> sorted = waits.stream().sorted().toList();
    return new Result(
        lane,
        percent,
        perSecond,
        sent / time.toSeconds(),
        sorted.size(),
        born.size(),
        quantile(sorted, 0.5),
        quantile(sorted, 0.99));
  }

  private void awaitRead(RunningDetector detector) throws InterruptedException, TimeoutException {
    try (Admin admin = Admin.create(broker.clients())) {
      FullTopic topic = new FullTopic(lane, written, 0, broker);
      topic.awaitCommitted(written, admin, detector.application());
    }
  }

  private void awaitLastDecisions() {
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (!born.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(SLICE_NANOS);
    }
  }

  private static long quantile(List<Long> sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.isEmpty() ? -1 : sorted.get(Math.max(0, rank - 1));
  }

  /** Sends evenly; where it falls behind, what it has missed is not made up for. */
  private long send(long perSecond, Duration time) {
    Map<String, Object> config = new HashMap<>(broker.clients());
    config.put("linger.ms", 5);
    config.put("batch.size", 131_072);
    config.put("acks", "1");
    config.put("buffer.memory", BUFFER_BYTES);
    long sent = 0;
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      long start = System.nanoTime();
      long nextBeacon = start;
      for (long now = start; now - start < time.toNanos(); now = System.nanoTime()) {
        long due = (long) ((now - start) / 1e9 * perSecond);
        long slice = Math.max(1, perSecond / 100);
        for (long i = Math.max(sent, due - slice); i < due; i++) {
          Stencil next = stencils.get(turn++ % stencils.size());
          put(producer, next.key(), next.next(System.currentTimeMillis()));
          sent++;
        }
        if (now >= nextBeacon) {
          nextBeacon += BEACON_NANOS;
          light(producer);
        }
        LockSupport.parkNanos(SLICE_NANOS);
      }
    }
    return sent;
  }

  private void light(KafkaProducer<String, byte[]> producer) {
    long now = System.currentTimeMillis();
    Beacon beacon = new Beacon("beacon-" + now + "-" + beacons++, now);
    born.put(beacon.breaker(), now);
    String topic = lane.topic().name();
    for (Lane.Entry entry : beacon.entries(lane)) {
      put(producer, entry.key(), serializer.serialize(topic, entry.value()));
    }
  }

  private void put(KafkaProducer<String, byte[]> producer, String key, byte[] value) {
    var unused = producer.send(new ProducerRecord<>(lane.topic().name(), key, value));
    written++;
  }

  private void read() {
    Map<String, Object> config = new HashMap<>(broker.clients());
    config.put("isolation.level", "read_committed");
    config.put("fetch.max.wait.ms", 50);
    var decoder = Records.builtInOnly().deserializer(BreakerState.class);
    try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), decoder)) {
      List<TopicPartition> partitions =
          IntStream.range(0, Topics.BREAKER_STATE.partitions())
              .mapToObj(i -> new TopicPartition(Topics.BREAKER_STATE.name(), i))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!over) {
        consumer.poll(Duration.ofMillis(50)).forEach(record -> see(record.value()));
      }
    }
  }

  private void see(BreakerState state) {
    Long since = state.getState() == State.OPEN ? born.remove(state.getBreaker()) : null;
    if (since != null) {
      waits.add(System.currentTimeMillis() - since);
    }
  }
}
