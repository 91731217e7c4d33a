package dev.switchgear.detector;

import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes ticks, outside of every transaction: they can be read at once, and a writer that dies
 * leaves no open transaction behind, for the end of which its successor would have to wait before
 * it reads on. Never blocks, and never tries again: in a tenth of a second there is another tick.
 * Thread-safe.
 */
final class TickWriter implements Ticker, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TickWriter.class);
  private static final int TIMEOUT_MILLIS = 1_000;

  /** The first ones fail while the producer learns where the topic is. */
  private static final int FAILURES_IN_A_ROW = 10;

  private final Topic<Tick> topic;
  private final KafkaProducer<String, Tick> producer;
  private final AtomicInteger failures = new AtomicInteger();

  TickWriter(Topic<Tick> topic, Map<String, Object> clients) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ProducerConfig.ACKS_CONFIG, "1");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    config.put(ProducerConfig.RETRIES_CONFIG, 0);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    this.topic = topic;
    this.producer =
        new KafkaProducer<>(
            config, new StringSerializer(), Records.builtInOnly().serializer(Tick.class));
  }

  @Override
  public Topic<Tick> topic() {
    return topic;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The callback is told.
  public void tick(int partition, long nowMillis) {
    Tick tick = new Tick(partition, nowMillis);
    String key = Integer.toString(partition);
    try {
      var record = new ProducerRecord<>(topic.name(), partition, key, tick);
      producer.send(record, (written, failure) -> told(failure));
    } catch (KafkaException e) {
      told(e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofMillis(TIMEOUT_MILLIS));
  }

  private void told(@Nullable Exception failure) {
    if (failure == null) {
      failures.set(0);
    } else if (failures.incrementAndGet() == FAILURES_IN_A_ROW) {
      LOG.warn("No tick gets to {}; until one does, every deadline waits", topic.name(), failure);
    }
  }
}
