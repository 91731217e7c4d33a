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
 * rate makes everybody's code warm first: on a loaded machine its compilers want two minutes, and
 * take one of two cores meanwhile. Before anything counts the detector may read what has piled up.
 * Whoever sends, the broker, the detector and the reader share the machine: how much of the rate
 * all of them bear together is found out first, and the first load is half of that.
 */
public final class LatencyTrial {

  private static final Duration WARM_UP = Duration.ofSeconds(150);
  private static final int WARM_UP_PERCENT = 50;
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);
  private static final Duration FLOOD = Duration.ofSeconds(10);
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration SOONEST_BEACON = Duration.ofMillis(100);

  /**
   * While it counts. A detector tells a thousand dependencies of one partition of spans apart, of
   * which warming up and settling take some two hundred.
   */
  private static final int BEACONS = 700;

  /**
   * What travels together was called for within so long, as a producer's linger has it; but no less
   * than one of each stencil.
   */
  private static final long ROUND_MILLIS = 5;

  private static final long SLICE_NANOS = 1_000_000;

  private final Lane lane;
  private final BrokerProcess broker;
  private final RunningDetector detector;
  private final Serializer<SpecificRecord> serializer;
  private final Map<String, Long> born = new ConcurrentHashMap<>();
  private final List<Long> waits = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;
  private final List<Stencil> stencils;
  private long written;
  private int beacons;

  private LatencyTrial(Lane lane, BrokerProcess broker, RunningDetector detector) {
    this.lane = lane;
    this.broker = broker;
    this.detector = detector;
    this.serializer = FullTopic.serializer(lane);
    this.stencils = Stencil.ofAll(lane, System.currentTimeMillis());
  }

  /** Records a second, and what they are a part of. */
  private record Load(String name, long perSecond) {}

  /**
   * How long decisions took.
   *
   * @param load what the wanted records are a part of: the lane's rate, or what is borne
   * @param wantedPerSecond records a second that were to be sent
   * @param sentPerSecond records a second that could be sent beside everything else
   * @param decisions breakers that opened
   * @param missing breakers that failed and had not opened ten seconds after the last record
   */
  public record Result(
      Lane lane,
      String load,
      long wantedPerSecond,
      long sentPerSecond,
      int decisions,
      int missing,
      long p50Millis,
      long p99Millis) {}

  /**
   * Runs some, one after the other with the same broker and detector: at half of what is borne, and
   * each at some percent of a rate.
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
        List<Load> loads = new ArrayList<>();
        loads.add(new Load("1/2 borne", trial.borne(rate) / 2));
        percents.forEach(each -> loads.add(new Load(each + " %", rate * each / 100)));
        Duration between = between(time.multipliedBy(loads.size()));
        List<Result> results = new ArrayList<>();
        for (Load load : loads) {
          Result result = trial.measure(load, time, between);
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

  /** Records a second that the detector reads while at least as many are sent as it can read. */
  private long borne(long rate) throws InterruptedException, TimeoutException {
    awaitRead(written);
    long before = written;
    long start = System.nanoTime();
    send(rate, FLOOD, ONE_SECOND);
    long read = awaitRead(before) - before;
    return (long) (read * 1e9 / (System.nanoTime() - start));
  }

  private Result measure(Load load, Duration time, Duration between)
      throws InterruptedException, TimeoutException {
    awaitRead(written);
    send(load.perSecond, SETTLING, ONE_SECOND);
    awaitRead(written);
    waits.clear();
    born.clear();
    long sent = send(load.perSecond, time, between);
    awaitLastDecisions();
    List<Long> sorted = waits.stream().sorted().toList();
    return new Result(
        lane,
        load.name,
        load.perSecond,
        sent / time.toSeconds(),
        sorted.size(),
        born.size(),
        quantile(sorted, 0.5),
        quantile(sorted, 0.99));
  }

  private long awaitRead(long atLeast) throws InterruptedException, TimeoutException {
    try (Admin admin = Admin.create(broker.clients())) {
      FullTopic topic = new FullTopic(lane, written, 0, broker);
      return topic.awaitCommitted(atLeast, admin, detector.application());
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
  private long send(long perSecond, Duration time, Duration between) throws InterruptedException {
    int times = 1 + (int) (perSecond * ROUND_MILLIS / 1_000 / stencils.size());
    long sent = 0;
    try (var batches = new BatchSender(broker, lane, stencils, times);
        var producer =
            new KafkaProducer<>(
                beaconConfig(), new StringSerializer(), new ByteArraySerializer())) {
      long start = System.nanoTime();
      long nextBeacon = start;
      long missed = 0;
      for (long now = start; now - start < time.toNanos(); now = System.nanoTime()) {
        long behind = (long) ((now - start) / 1e9 * perSecond) - sent - missed;
        missed += Math.max(0, behind - 2L * batches.perRound());
        if (behind >= batches.perRound() && batches.send(System.currentTimeMillis())) {
          sent += batches.perRound();
        }
        if (now >= nextBeacon) {
          nextBeacon += between.toNanos();
          light(producer);
        }
        batches.poll(1);
      }
    }
    written += sent;
    return sent;
  }

  private Map<String, Object> beaconConfig() {
    Map<String, Object> config = new HashMap<>(broker.clients());
    config.put("acks", "1");
    return config;
  }

  private void light(KafkaProducer<String, byte[]> producer) {
    long now = System.currentTimeMillis();
    Beacon beacon = new Beacon("beacon-" + now + "-" + beacons++, now);
    born.put(beacon.breaker(), now);
    String topic = lane.topic().name();
    for (Lane.Entry entry : beacon.entries(lane)) {
      byte[] value = serializer.serialize(topic, entry.value());
      var unused = producer.send(new ProducerRecord<>(topic, entry.key(), value));
      written++;
    }
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
