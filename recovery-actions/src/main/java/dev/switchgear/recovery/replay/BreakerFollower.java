package dev.switchgear.recovery.replay;

import static java.util.Objects.requireNonNull;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.streams.BadRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest state of every breaker. It decodes by itself: what Kafka Streams cannot decode
 * for a global store stops the instance.
 */
final class BreakerFollower implements Processor<String, byte[], Void, Void> {

  private static final Logger LOG = LoggerFactory.getLogger(BreakerFollower.class);
  private static final int WHOLE = 10_000;

  private final Deserializer<BreakerState> deserializer;
  private final BreakerLetters letters;
  private @Nullable ProcessorContext<Void, Void> context;
  private @Nullable KeyValueStore<String, BreakerState> breakers;

  BreakerFollower(Deserializer<BreakerState> deserializer, BreakerLetters letters) {
    this.deserializer = deserializer;
    this.letters = letters;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    this.breakers = context.getStateStore(ParkingTopology.BREAKERS);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    try {
      String breaker = breaker(record.key());
      BreakerState state = state(record.value());
      requireNonNull(breakers).put(breaker, state);
    } catch (SerializationException | BadRecordException e) {
      RecordMetadata source = requireNonNull(context).recordMetadata().orElseThrow();
      DeadLetter letter = letter(record, source, e);
      LOG.warn("{}", letter);
      letters.add(letter);
    }
  }

  private static String breaker(@Nullable String key) {
    if (key == null) {
      throw new BadRecordException("key: none (expected: breaker id)");
    }
    return key;
  }

  private @Nullable BreakerState state(byte @Nullable [] value) {
    BreakerState state = deserializer.deserialize("switchgear.breaker-state", value);
    if (state != null && (state.getAdmittedShare() < 0 || state.getAdmittedShare() > WHOLE)) {
      throw new BadRecordException(
          "admittedShare: " + state.getAdmittedShare() + " (expected: 0..10000)");
    }
    return state;
  }

  private static DeadLetter letter(
      Record<String, byte[]> record, RecordMetadata source, Exception cause) {
    @Nullable String key = record.key();
    return new DeadLetter(
        source.topic(),
        source.partition(),
        source.offset(),
        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
        record.value(),
        record.headers(),
        cause);
  }
}
