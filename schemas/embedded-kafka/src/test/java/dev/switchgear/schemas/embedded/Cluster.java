package dev.switchgear.schemas.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plain text in and out of a cluster, with ordinary clients. */
final class Cluster {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Map<String, Object> config;

  Cluster(String bootstrapServers) {
    this.config = Map.of("bootstrap.servers", bootstrapServers);
  }

  void create(NewTopic topic) {
    try (Admin admin = Admin.create(config)) {
      admin.createTopics(List.of(topic)).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("Cannot create " + topic.name(), e);
    }
  }

  void send(String topic, List<String> values) {
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      sendAll(producer, topic, values);
    }
  }

  private static void sendAll(
      KafkaProducer<String, String> producer, String topic, List<String> values) {
    try {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, value)).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("Cannot send to " + topic, e);
    }
  }

  void sendInTransaction(String topic, List<String> values) {
    Map<String, Object> transactional = new HashMap<>(config);
    transactional.put("transactional.id", "test");
    try (var producer =
        new KafkaProducer<>(transactional, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      sendAll(producer, topic, values);
      producer.commitTransaction();
    }
  }

  List<String> readWithGroup(String topic, int count) {
    Map<String, Object> group = new HashMap<>(config);
    group.put("group.id", "test");
    group.put("auto.offset.reset", "earliest");
    group.put("isolation.level", "read_committed");
    List<String> values = new ArrayList<>();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (var consumer =
        new KafkaConsumer<>(group, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
