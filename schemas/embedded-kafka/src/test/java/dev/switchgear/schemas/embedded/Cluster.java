package dev.switchgear.schemas.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Topics of a cluster, and plain text in and out of it, with ordinary clients. */
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

  /** Every topic of ours. */
  Map<String, TopicFacts> facts() {
    try (Admin admin = Admin.create(config)) {
      Set<String> names = admin.listTopics().names().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      Map<String, TopicFacts> facts = new TreeMap<>();
      for (TopicDescription each :
          admin
              .describeTopics(names)
              .allTopicNames()
              .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
              .values()) {
        int replicas = each.partitions().get(0).replicas().size();
        facts.put(
            each.name(),
            new TopicFacts(each.partitions().size(), replicas, settings(admin, each.name())));
      }
      return facts;
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("Cannot describe the topics", e);
    }
  }

  private static Map<String, String> settings(Admin admin, String topic)
      throws ExecutionException, TimeoutException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin
        .describeConfigs(List.of(resource))
        .values()
        .values()
        .iterator()
        .next()
        .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
        .entries()
        .stream()
        .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  /** The newest value of each key, once there are as many keys as wanted. */
  Map<String, String> newest(String topic, int keys) {
    Map<String, Object> reader = new HashMap<>(config);
    reader.put("auto.offset.reset", "earliest");
    Map<String, String> newest = new TreeMap<>();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (var consumer =
        new KafkaConsumer<>(reader, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      while (newest.size() < keys && System.nanoTime() < deadline) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> newest.put(record.key(), record.value()));
      }
    }
    return newest;
  }

  void send(String topic, List<String> values) {
    sendRecords(
        values.stream().map(value -> new ProducerRecord<String, String>(topic, value)).toList());
  }

  void send(String topic, Map<String, String> records) {
    sendRecords(
        records.entrySet().stream()
            .map(each -> new ProducerRecord<>(topic, each.getKey(), each.getValue()))
            .toList());
  }

  private void sendRecords(List<ProducerRecord<String, String>> records) {
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      sendAll(producer, records);
    }
  }

  private static void sendAll(
      KafkaProducer<String, String> producer, List<ProducerRecord<String, String>> records) {
    for (ProducerRecord<String, String> each : records) {
      try {
        producer.send(each).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException | InterruptedException e) {
        throw new AssertionError("Cannot send " + each, e);
      }
    }
  }

  void sendInTransaction(String topic, List<String> values) {
    Map<String, Object> transactional = new HashMap<>(config);
    transactional.put("transactional.id", "test");
    try (var producer =
        new KafkaProducer<>(transactional, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      sendAll(
          producer,
          values.stream().map(value -> new ProducerRecord<String, String>(topic, value)).toList());
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
