package dev.switchgear.benchmarks.detector;

import dev.switchgear.benchmarks.broker.BrokerProcess;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
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

  private static final List<String> NEEDED =
      List.of(
          "dependency",
          "operation",
          "kind",
          "status",
          "errorType",
          "guarded",
          "startEpochNanos",
          "durationNanos",
          "service",
          "instance");

  private static final String DETECTOR = "detector";

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

    static Reading of(String reader, long records, Spent spent) {
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
  public record Result(Lane lane, long records, long recordBytes, List<Reading> readings) {

    /** Records that the detector takes per CPU second. */
    public long rate() {
      return readings.stream()
          .filter(reading -> reading.reader().equals(DETECTOR))
          .findFirst()
          .orElseThrow()
          .perThreadSecond();
    }
  }

  /**
   * Runs one.
   *
   * @param flink whether Flink does the same job beside it; of spans only
   */
  public static Result run(Lane lane, long records, boolean flink)
      throws IOException, InterruptedException, TimeoutException {
    try (BrokerProcess broker = BrokerProcess.start()) {
      FullTopic topic = FullTopic.fill(lane, records, Lane.DEPENDENCIES, broker);
      return new LaneTrial(topic).run(flink && lane == Lane.SPANS);
    }
  }

  private Result run(boolean flink) throws IOException, InterruptedException, TimeoutException {
    List<Reading> readings = new ArrayList<>();
    readings.add(second(() -> read("consumer", null)));
    readings.add(second(() -> read("consumer that decodes", decoder())));
    if (topic.lane() == Lane.SPANS) {
      readings.add(second(() -> read("consumer that projects", new Projected())));
    }
    readings.add(second(this::detect));
    if (flink) {
      readings.add(FlinkPeer.read(topic));
    }
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

  /** By Avro, with a reader's schema of the fields that the span lane needs. */
  private static final class Projected implements Deserializer<GenericRecord> {
    private final BinaryMessageDecoder<GenericRecord> decoder;

    private Projected() {
      Schema span = Span.getClassSchema();
      List<Schema.Field> needed = new ArrayList<>();
      for (String name : NEEDED) {
        Schema.Field field = span.getField(name);
        needed.add(new Schema.Field(field, field.schema()));
      }
      Schema reader = Schema.createRecord(span.getName(), "", span.getNamespace(), false, needed);
      decoder = new BinaryMessageDecoder<>(GenericData.get(), reader);
      decoder.addSchema(span);
    }

    @Override
    public GenericRecord deserialize(String unused, byte[] bytes) {
      try {
        return decoder.decode(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Deserializer<? extends SpecificRecord> decoder() {
    return Records.builtInOnly().deserializer(topic.lane().topic().valueType());
  }

  private Reading read(String name, @Nullable Deserializer<?> decoder) {
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
      return Reading.of(DETECTOR, Math.max(1, last - first), spent);
    }
  }
}
