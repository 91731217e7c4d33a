package dev.switchgear.benchmarks.detector;

import dev.switchgear.schemas.Records;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Fills one topic and has it read: by a consumer that looks at nothing, by one that decodes, and by
 * a detector as it really runs, with one thread. Each reads twice, and the second time counts.
 */
public final class LaneTrial {

  private final FullTopic topic;
  private final BrokerProcess broker;

  private LaneTrial(FullTopic topic) {
    this.topic = topic;
    this.broker = topic.broker();
  }

  /**
   * What one reader spent.
   *
   * @param perThreadSecond records per CPU second of its threads
   * @param perProcessSecond records per CPU second of the whole process
   * @param allocatedBytes per record, by its threads
   */
  public record Reading(
      String reader, long perThreadSecond, long perProcessSecond, long allocatedBytes) {

    private static Reading of(String reader, long records, Spent spent) {
      return new Reading(
          reader,
          perSecond(records, spent.threadNanos()),
          perSecond(records, spent.processNanos()),
          spent.allocatedBytes() / records);
    }

    private static long perSecond(long records, long nanos) {
      return Math.round(records * 1e9 / Math.max(1, nanos));
    }
  }

  /**
   * What all spent.
   *
   * @param recordBytes size of a value
   */
  public record Result(Lane lane, long records, long recordBytes, List<Reading> readings) {}

  /** Runs one. */
  public static Result run(Lane lane, long records)
      throws IOException, InterruptedException, TimeoutException {
    try (BrokerProcess broker = BrokerProcess.start()) {
      return new LaneTrial(FullTopic.fill(lane, records, Lane.DEPENDENCIES, broker)).run();
    }
  }

  private Result run() throws IOException, InterruptedException, TimeoutException {
    List<Reading> readings = new ArrayList<>();
    readings.add(second(() -> read("consumer", null)));
    readings.add(second(() -> read("consumer that decodes", decoder())));
    readings.add(second(this::detect));
    return new Result(topic.lane(), topic.records(), topic.bytes() / topic.records(), readings);
  }

  @FunctionalInterface
  private interface Attempt {
    Reading make() throws IOException, InterruptedException, TimeoutException;
  }

  private static Reading second(Attempt attempt)
      throws IOException, InterruptedException, TimeoutException {
    attempt.make();
    return attempt.make();
  }

  private Deserializer<? extends SpecificRecord> decoder() {
    return Records.builtInOnly().deserializer(topic.lane().topic().valueType());
  }

  private Reading read(String name, @Nullable Deserializer<? extends SpecificRecord> decoder) {
    Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = topic.partitions();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Spent before = Spent.here();
      long read = 0;
      while (read < topic.records()) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (decoder != null) {
            decoder.deserialize(record.topic(), record.value());
          }
          read++;
        }
      }
      return Reading.of(name, topic.records(), Spent.here().since(before));
    }
  }

  /** From the first commit, so that starting is not counted, to the last. */
  private Reading detect() throws IOException, InterruptedException, TimeoutException {
    try (Admin admin = Admin.create(broker.clients());
        RunningDetector detector = RunningDetector.start(broker)) {
      String application = detector.application();
      long first = topic.awaitCommitted(1, admin, application);
      Spent before = Spent.by(application);
      long last = topic.awaitCommitted(topic.records(), admin, application);
      Spent spent = Spent.by(application).since(before);
      return Reading.of("detector", Math.max(1, last - first), spent);
    }
  }
}
