package dev.switchgear.benchmarks.detector;

import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
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

/** Has a detector judge many breakers of one call each, and looks at the heap. */
public final class HeapTrial {

  private HeapTrial() {}

  /**
   * What so many breakers took.
   *
   * @param wanted breakers that were called
   * @param judged those that have a state; a partition judges no more than its limit
   * @param heapBytes what the heap holds while the detector has them
   */
  public record Result(int wanted, int judged, long heapBytes) {}

  /** Runs one. */
  public static Result run(int breakers)
      throws IOException, InterruptedException, TimeoutException {
    try (BrokerProcess broker = BrokerProcess.start()) {
      FullTopic topic = FullTopic.fill(Lane.OBSERVATIONS, breakers, breakers, broker);
      try (Admin admin = Admin.create(broker.clients());
          RunningDetector detector = RunningDetector.start(broker)) {
        topic.awaitCommitted(breakers, admin, detector.application());
        return new Result(breakers, judged(broker), heapBytes());
      }
    }
  }

  private static long heapBytes() {
    System.gc();
    System.gc(); // What the first has only made ready to go.
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
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
