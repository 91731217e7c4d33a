package dev.switchgear.benchmarks.detector;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans to sums of each dependency and second, exactly once: checkpoints twice a second, and a sink
 * of transactions. Runs twice in one virtual machine, and tells of the second time.
 */
public final class FlinkJob {

  private static final Logger LOG = LoggerFactory.getLogger(FlinkJob.class);
  private static final Duration CHECKPOINTS = Duration.ofMillis(500);
  private static final long AT_MOST_NANOS = Duration.ofMinutes(3).toNanos();
  private static final double NANOS_PER_MILLI = 1e6;

  private final String broker;
  private final String topic;
  private final long spans;

  private FlinkJob(String broker, String topic, long spans) {
    this.broker = broker;
    this.topic = topic;
    this.spans = spans;
  }

  /**
   * Runs in the child, and ends it: Flink's threads would stay, and whoever waits for them.
   *
   * @param arguments broker, topic of spans, number of spans, topic of sums
   */
  public static void main(String[] arguments) {
    try {
      FlinkJob job = new FlinkJob(arguments[0], arguments[1], Long.parseLong(arguments[2]));
      job.run("flink-warm", arguments[3]);
      System.out.println(job.run("flink", arguments[3]));
      System.exit(0);
    } catch (Exception e) {
      LOG.error("Flink's job failed", e);
      System.exit(1);
    }
  }

  /** From the first commit to the last, as the detector is measured. */
  private String run(String group, String sums) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      JobClient client = start(group, sums);
      long first = awaitCommitted(1, admin, group);
      Spent before = Spent.exceptFor(List.of("main", "kafka-admin-client"));
      long last = awaitCommitted(spans, admin, group);
      Spent spent = Spent.exceptFor(List.of("main", "kafka-admin-client")).since(before);
      client.cancel().get(1, TimeUnit.MINUTES);
      return Math.max(1, last - first)
          + " "
          + spent.threadNanos()
          + " "
          + spent.processNanos()
          + " "
          + spent.allocatedBytes();
    }
  }

  private JobClient start(String group, String sums) throws Exception {
    var environment = StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    environment.enableCheckpointing(CHECKPOINTS.toMillis(), CheckpointingMode.EXACTLY_ONCE);
    environment
        .fromSource(source(group), watermarks(), "spans")
        .keyBy(call -> call.f0, Types.STRING)
        .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
        .aggregate(new Sums.Summing())
        .sinkTo(sink(group, sums));
    return environment.executeAsync(group);
  }

  private KafkaSource<Tuple4<String, Boolean, Long, Long>> source(String group) {
    return KafkaSource.<Tuple4<String, Boolean, Long, Long>>builder()
        .setBootstrapServers(broker)
        .setTopics(topic)
        .setGroupId(group)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new SpanFields())
        .build();
  }

  private static WatermarkStrategy<Tuple4<String, Boolean, Long, Long>> watermarks() {
    return WatermarkStrategy.<Tuple4<String, Boolean, Long, Long>>forBoundedOutOfOrderness(
            Duration.ofSeconds(1))
        .withTimestampAssigner((call, ignored) -> (long) (call.f2 / NANOS_PER_MILLI));
  }

  private KafkaSink<String> sink(String group, String sums) {
    Properties producer = new Properties();
    producer.setProperty("transaction.timeout.ms", "60000");
    return KafkaSink.<String>builder()
        .setBootstrapServers(broker)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(group)
        .setKafkaProducerConfig(producer)
        .setRecordSerializer(
            KafkaRecordSerializationSchema.builder()
                .setTopic(sums)
                .setValueSerializationSchema(new SimpleStringSchema())
                .build())
        .build();
  }

  private long awaitCommitted(long atLeast, Admin admin, String group) throws Exception {
    long deadline = System.nanoTime() + AT_MOST_NANOS;
    while (System.nanoTime() < deadline) {
      long done =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get()
              .values()
              .stream()
              .mapToLong(each -> each == null ? 0 : each.offset())
              .sum();
      if (done >= atLeast) {
        return done;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IllegalStateException(group + " has not read " + atLeast + " spans in time");
  }
}
