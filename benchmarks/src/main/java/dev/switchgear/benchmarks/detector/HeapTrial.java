package dev.switchgear.benchmarks.detector;

import dev.switchgear.benchmarks.broker.BrokerProcess;
import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Has one detector judge more and more breakers of one call each, and looks at the heap each time.
 * What it holds before the first of them, but after as much work, is subtracted.
 */
public final class HeapTrial {

  /** Buffers of clients grow to what is needed once, and stay. */
  private static final int WARM_UP_RECORDS = 50_000;

  private static final int LOOKS = 3;

  private HeapTrial() {}

  /**
   * What so many breakers took.
   *
   * @param wanted breakers that were called
   * @param judged those that have a state; a partition judges no more than its limit
   * @param heapBytes what the heap holds more than before all of them
   */
  public record Result(int wanted, int judged, long heapBytes) {

    /** What each breaker takes. */
    public long bytesOfEach() {
      return heapBytes / judged;
    }
  }

  /**
   * Runs one.
   *
   * @param breakers how many, each more than the one before
   */
  public static List<Result> run(List<Integer> breakers)
      throws IOException, InterruptedException, TimeoutException {
    List<Result> results = new ArrayList<>();
    try (BrokerProcess broker = BrokerProcess.start();
        Admin admin = Admin.create(broker.clients())) {
      FullTopic warm = FullTopic.fill(Lane.OBSERVATIONS, WARM_UP_RECORDS, 1, broker);
      try (RunningDetector detector = RunningDetector.start(broker)) {
        warm.awaitCommitted(WARM_UP_RECORDS, admin, detector.application());
        long before = heapBytes();
        long written = WARM_UP_RECORDS;
        for (int wanted : breakers) {
          FullTopic topic = FullTopic.fill(Lane.OBSERVATIONS, wanted, wanted, broker);
          written += wanted;
          topic.awaitCommitted(written, admin, detector.application());
          results.add(new Result(wanted, judged(broker), heapBytes() - before));
        }
      }
    }
    return results;
  }

  /** The least of some looks: what a client is just doing is not held. */
  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int look = 0; look < LOOKS; look++) {
      System.gc();
      System.gc(); // What the first has only made ready to go.
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      least = Math.min(least, used);
    }
    return least;
  }

  private static int judged(BrokerProcess broker) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
    Set<String> breakers = new HashSet<>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, Topics.BREAKER_STATE.partitions())
              .mapToObj(i -> new TopicPartition(Topics.BREAKER_STATE.name(), i))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> breakers.add(record.key()));
      }
    }
    return breakers.size();
  }
}
