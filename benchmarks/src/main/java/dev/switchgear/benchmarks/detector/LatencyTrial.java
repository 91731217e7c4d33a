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
import java.util.function.Consumer;
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
 * Sends a steady load, and up to ten times a second a dependency that fails from its first call on:
 * from the end of that call until a reader of committed records sees the breaker open. Half of the
 * rate makes everybody's code warm first: on a loaded machine its compilers want a minute, and take
 * one of two cores meanwhile. Before anything counts the detector may read what has piled up.
 * Whoever sends, the broker, the detector and the reader share the machine, as the figures show.
 */
public final class LatencyTrial {

  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final int WARM_UP_PERCENT = 50;
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration SOONEST_BEACON = Duration.ofMillis(100);

  /** All told: a detector tells a thousand dependencies of one partition of spans apart. */
  private static final int BEACONS = 800;

  /**
   * Whoever sends faster than the broker takes it has to wait, rather than the record: a tenth of a
   * second of the largest load.
   */
  private static final long BUFFER_BYTES = 16 << 20;

  private static final long SLICE_NANOS = 1_000_000;

  private final Lane lane;
  private final BrokerProcess broker;
  private final RunningDetector detector;
  private final Serializer<SpecificRecord> serializer;
  private final Map<String, Long> born = new ConcurrentHashMap<>();
  private final List<Long> waits = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;
  private final List<Stencil> stencils;
  private int turn;
  private long written;
  private int beacons;

  private LatencyTrial(Lane lane, BrokerProcess broker, RunningDetector detector) {
    this.lane = lane;
    this.broker = broker;
    this.detector = detector;
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

  /**
   * Runs some, one after the other with the same broker and detector, each at some percent of a
   * rate.
   *
   * @param time how long each lasts
   * @param told hears of each as it ends
   */
  public static List<Result> run(
      Lane lane, List<Integer> percents, long rate, Duration time, Consumer<Result> told)
      throws IOException, InterruptedException, TimeoutException {
    try (BrokerProcess broker = BrokerProcess.start();
        RunningDetector detector = RunningDetector.start(broker)) {
      LatencyTrial trial = new LatencyTrial(lane, broker, detector);
      Thread reader = new Thread(trial::read, "reader");
      reader.start();
      try {
        trial.send(rate * WARM_UP_PERCENT / 100, WARM_UP, ONE_SECOND);
        Duration between = between(time.multipliedBy(percents.size()));
        List<Result> results = new ArrayList<>();
        for (int percent : percents) {
          Result result = trial.measure(percent, rate * percent / 100, time, between);
          told.accept(result);
          results.add(result);
        }
        return results;
      } finally {
        trial.over = true;
        reader.join();
      }
    }
  }

  private static Duration between(Duration time) {
    Duration evenly = time.dividedBy(BEACONS);
    return evenly.compareTo(SOONEST_BEACON) > 0 ? evenly : SOONEST_BEACON;
  }

  private Result measure(int percent, long perSecond, Duration time, Duration between)
      throws InterruptedException, TimeoutException {
    awaitRead();
    send(perSecond, SETTLING, ONE_SECOND);
    awaitRead();
    waits.clear();
    born.clear();
    long sent = send(perSecond, time, between);
    awaitLastDecisions();
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

  private void awaitRead() throws InterruptedException, TimeoutException {
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
  private long send(long perSecond, Duration time, Duration between) {
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
          nextBeacon += between.toNanos();
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
