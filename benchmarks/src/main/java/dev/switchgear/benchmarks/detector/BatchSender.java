package dev.switchgear.benchmarks.detector;

import static java.util.stream.Collectors.groupingBy;

import dev.switchgear.benchmarks.broker.BrokerProcess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * Sends whole batches that were made beforehand. A producer takes longer to gather records than the
 * detector takes to judge them, and whoever sends uses the cores of whom it measures: hence the
 * client below it, which is not public in Kafka, and one broker that leads every partition. Not
 * thread-safe.
 */
final class BatchSender implements AutoCloseable {

  private static final int UNDER_WAY = 5;
  private static final int TIMEOUT_MILLIS = 30_000;

  private final NetworkClient client;
  private final Node node;
  private final String topic;
  private final Uuid topicId;
  private final Deque<Round> free = new ArrayDeque<>();
  private final int perRound;
  private @Nullable RuntimeException failure;

  /**
   * Connects, and makes its batches.
   *
   * @param times how often each stencil is in a round
   */
  BatchSender(BrokerProcess broker, Lane lane, List<Stencil> stencils, int times)
      throws InterruptedException {
    this.topic = lane.topic().name();
    try (Admin admin = Admin.create(broker.clients())) {
      this.node = admin.describeCluster().nodes().get().iterator().next();
      this.topicId =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get()
              .values()
              .iterator()
              .next()
              .topicId();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    for (int i = 0; i < UNDER_WAY; i++) {
      free.add(Round.of(stencils, times, lane.topic().partitions()));
    }
    this.perRound = stencils.size() * times;
    this.client = connect(broker);
  }

  private NetworkClient connect(BrokerProcess broker) {
    Map<String, Object> config = new HashMap<>(broker.clients());
    config.put("key.serializer", ByteArraySerializer.class);
    config.put("value.serializer", ByteArraySerializer.class);
    config.put("send.buffer.bytes", -1);
    return ClientUtils.createNetworkClient(
        new ProducerConfig(config),
        "batch-sender",
        new Metrics(),
        "batch-sender",
        new LogContext(),
        new ApiVersions(),
        Time.SYSTEM,
        UNDER_WAY,
        TIMEOUT_MILLIS,
        null,
        new ManualMetadataUpdater(List.of(node)),
        new DefaultHostResolver(),
        null,
        null);
  }

  /** A batch for each partition, that travel together. */
  private record Round(Map<Integer, Batch> batches) {

    /** Records go where a producer would send them. */
    static Round of(List<Stencil> stencils, int times, int partitions) {
      List<Stencil> all = new ArrayList<>();
      Collections.nCopies(times, stencils).forEach(all::addAll);
      Map<Integer, Batch> batches = new TreeMap<>();
      all.stream()
          .collect(groupingBy(each -> BuiltInPartitioner.partitionForKey(each.key(), partitions)))
          .forEach((partition, records) -> batches.put(partition, new Batch(records)));
      return new Round(batches);
    }

    ProduceRequestData stamped(String topic, Uuid topicId, long nowMillis) {
      List<PartitionProduceData> partitions = new ArrayList<>();
      batches.forEach(
          (partition, batch) -> {
            batch.stamp(nowMillis);
            partitions.add(
                new PartitionProduceData().setIndex(partition).setRecords(batch.records()));
          });
      var topics = new TopicProduceDataCollection();
      topics.add(
          new TopicProduceData().setName(topic).setTopicId(topicId).setPartitionData(partitions));
      return new ProduceRequestData()
          .setAcks((short) 1)
          .setTimeoutMs(TIMEOUT_MILLIS)
          .setTopicData(topics);
    }
  }

  /** How many records go at once. */
  int perRound() {
    return perRound;
  }

  /**
   * Sends a round of this moment, unless five are still under way or there is no connection.
   *
   * @return whether it does
   * @throws RuntimeException why the broker has not taken an earlier one
   */
  boolean send(long nowMillis) {
    check();
    if (free.isEmpty() || !client.ready(node, nowMillis)) {
      return false;
    }
    Round round = free.element();
    var request = ProduceRequest.builder(round.stamped(topic, topicId, nowMillis));
    client.send(
        client.newClientRequest(
            node.idString(),
            request,
            nowMillis,
            true,
            TIMEOUT_MILLIS,
            answer -> arrived(round, answer)),
        nowMillis);
    free.remove();
    return true;
  }

  /** What a client's callback throws would be logged, and nothing else. */
  private void check() {
    if (failure != null) {
      throw failure;
    }
  }

  private void arrived(Round round, ClientResponse answer) {
    free.add(round);
    if (!(answer.responseBody() instanceof ProduceResponse response)) {
      failure = new IllegalStateException("The broker does not take batches: " + answer);
      return;
    }
    response.data().responses().stream()
        .flatMap(each -> each.partitionResponses().stream())
        .map(each -> Errors.forCode(each.errorCode()))
        .filter(each -> each != Errors.NONE)
        .forEach(each -> failure = each.exception());
  }

  /** Writes and reads what can be, or waits so long for it. */
  void poll(long atMostMillis) {
    client.poll(atMostMillis, System.currentTimeMillis());
  }

  /**
   * Once everything has arrived.
   *
   * @throws RuntimeException why the broker has not taken something
   */
  @Override
  public void close() {
    while (free.size() < UNDER_WAY) {
      poll(TIMEOUT_MILLIS);
    }
    client.close();
    check();
  }
}
