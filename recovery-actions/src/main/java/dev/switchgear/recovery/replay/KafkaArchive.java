package dev.switchgear.recovery.replay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads from the cluster. The end of a partition is taken as the log has it, with what is not
 * committed, and then read up to with only what is: so whatever a former owner left open has been
 * decided by then.
 */
public final class KafkaArchive implements Archive {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Map<String, Object> clients;

  /**
   * An archive of one cluster.
   *
   * @param clients client configuration, {@code bootstrap.servers} at least
   */
  public KafkaArchive(Map<String, Object> clients) {
    Map<String, Object> config = new HashMap<>(clients);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    this.clients = Map.copyOf(config);
  }

  @Override
  public Volume open(String topic, int partition) {
    var consumer =
        new KafkaConsumer<>(clients, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<PartitionInfo> known = consumer.listTopics(TIMEOUT).getOrDefault(topic, List.of());
      boolean exists = known.size() > partition;
      return new KafkaVolume(consumer, new TopicPartition(topic, partition), exists);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private final class KafkaVolume implements Volume {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final boolean exists;

    KafkaVolume(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, boolean exists) {
      this.consumer = consumer;
      this.partition = partition;
      this.exists = exists;
      if (exists) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
      }
    }

    @Override
    public boolean read(Duration budget, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
      if (!exists) {
        return true;
      }
      long end = end(partition);
      long deadline = System.nanoTime() + budget.toNanos();
      while (position() < end) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        consumer.poll(POLL).forEach(reader);
      }
      return true;
    }

    @Override
    public long position() {
      return exists ? consumer.position(partition, TIMEOUT) : 0;
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  private long end(TopicPartition partition) {
    try (Admin admin = Admin.create(clients)) {
      return admin
          .listOffsets(
              Map.of(partition, OffsetSpec.latest()),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .partitionResult(partition)
          .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
          .offset();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
