package dev.switchgear.benchmarks.guard;

import dev.switchgear.benchmarks.broker.BrokerProcess;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker on which a fleet has said what guards are to obey, for longer than is measured. */
final class Fleet implements AutoCloseable {

  /** The system property that tells guards where it is. */
  static final String ADDRESS = "switchgear.bench.kafka";

  static final String CLOSED = "payments/charge";
  static final String OPEN = "search/query";

  private static final int ALL = 10_000;
  private static final int HOUR_MILLIS = 3_600_000;

  private final BrokerProcess broker;

  private Fleet(BrokerProcess broker) {
    this.broker = broker;
  }

  static Fleet start() throws IOException, InterruptedException {
    BrokerProcess broker = BrokerProcess.start();
    Map<String, Object> settings = new HashMap<>(broker.clients());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    var states = Records.builtInOnly().serializer(BreakerState.class);
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), states)) {
      for (BreakerState each : List.of(closed(), open())) {
        var said = new ProducerRecord<>(Topics.BREAKER_STATE.name(), each.getBreaker(), each);
        producer.send(said).get();
      }
    } catch (ExecutionException e) {
      broker.close();
      throw new IOException("The broker does not take states", e);
    }
    return new Fleet(broker);
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() throws IOException {
    broker.close();
  }

  private static BreakerState closed() {
    return state(CLOSED, State.CLOSED, ALL, 0);
  }

  private static BreakerState open() {
    return state(OPEN, State.OPEN, 0, HOUR_MILLIS);
  }

  /** Stale only after an hour: no detector is heard. */
  private static BreakerState state(String breaker, State state, int share, int retryAfterMillis) {
    return BreakerState.newBuilder()
        .setBreaker(breaker)
        .setState(state)
        .setEpoch(1)
        .setAdmittedShare(share)
        .setRetryAfterMillis(retryAfterMillis)
        .setReason("as the benchmark wants it")
        .setDecidedAtMillis(System.currentTimeMillis())
        .setStaleAfterMillis(HOUR_MILLIS)
        .build();
  }
}
