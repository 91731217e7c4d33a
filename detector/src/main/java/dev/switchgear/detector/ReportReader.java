package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.streams.BadRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the judge takes of an encoded observation, and makes no name twice. That takes knowing
 * the fields and their order, so observations of any other schema than this build's are decoded by
 * Avro. One thread uses it.
 */
final class ReportReader {

  private static final Schema SCHEMA = Observation.getClassSchema();
  private static final byte[] OURS = AvroBytes.headerOf(SCHEMA);
  private static final Lane[] LANES = Lane.values();
  private static final int FEW = 32;

  private final Deserializer<Observation> any;
  private final StringDeserializer keys = new StringDeserializer();
  private final AvroBytes in = new AvroBytes();
  private final KnownBytes<String> breakers = new KnownBytes<>();
  private final KnownBytes<Sender> senders = new KnownBytes<>();
  private long[] counts = new long[FEW];

  /** Who numbered an observation, and for whom. */
  private record Sender(String name, Lane lane, Caller caller) {}

  /**
   * A reader that has seen nothing.
   *
   * @param any decodes observations of other schemas
   */
  ReportReader(Deserializer<Observation> any) {
    this.any = any;
  }

  /**
   * What is taken of an encoded observation.
   *
   * @throws BadRecordException if anything of it is absurd
   * @throws SerializationException if it is no observation
   */
  Report read(ConsumerRecord<byte[], byte[]> record, long nowMillis) {
    byte @Nullable [] key = record.key();
    byte @Nullable [] value = record.value();
    if (value == null) {
      throw new BadRecordException("value: none (expected: an observation or a command)");
    }
    if (in.begin(value, OURS)) {
      return readOurs(key, nowMillis);
    }
    return Report.of(keys.deserialize(record.topic(), key), decode(record), nowMillis);
  }

  /** All of an observation that can be read. */
  Observation decode(ConsumerRecord<byte[], byte[]> record) {
    return requireNonNull(any.deserialize(record.topic(), record.value()));
  }

  private Report readOurs(byte @Nullable [] key, long nowMillis) {
    String breaker = breaker(key);
    Sender sender = sender();
    long sequence = in.number();
    long incarnation = in.number();
    long from = in.number();
    long to = Samples.end(from, in.integer(), nowMillis);
    long epoch = in.number();
    long regionEpoch = in.number();
    long callerEpoch = in.number();
    long instanceEpoch = in.number();
    long calls = in.number();
    Map<String, Long> errors = errors();
    long refusals = in.number();
    try {
      ExponentialHistogram latency = histogram();
      CallSample sample =
          new CallSample(
              sender.caller, from, to, epoch, calls, errors, refusals, latency, exemplars());
      return new Report(
          breaker,
          sender.lane,
          sender.name,
          incarnation,
          sequence,
          regionEpoch,
          callerEpoch,
          instanceEpoch,
          sample);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  private String breaker(byte @Nullable [] key) {
    int from = in.at();
    in.skipString();
    int to = in.at();
    String known = breakers.get(in.bytes(), from, to);
    if (known == null) {
      in.back(from);
      String breaker = in.string();
      Names.check("breaker", breaker);
      known = breakers.put(in.bytes(), from, to, breaker);
    }
    int length = key == null ? 0 : key.length;
    if (key == null || !Arrays.equals(key, 0, length, in.bytes(), to - length, to)) {
      throw Samples.otherKey(known, keys.deserialize("", key));
    }
    return known;
  }

  private Sender sender() {
    int from = in.at();
    in.integer();
    in.skipCaller();
    int to = in.at();
    Sender known = senders.get(in.bytes(), from, to);
    return known != null ? known : senders.put(in.bytes(), from, to, sender(from));
  }

  private Sender sender(int from) {
    in.back(from);
    Lane lane = in.symbol(LANES);
    Caller told = Names.checked(in.caller());
    return new Sender(
        Samples.sender(told.service(), told.instance(), lane), lane, Samples.withoutLane(told));
  }

  private Map<String, Long> errors() {
    int more = in.block();
    if (more == 0) {
      return Map.of();
    }
    Map<String, Long> errors = new HashMap<>();
    for (; more > 0; more = in.block()) {
      for (int i = 0; i < more; i++) {
        errors.put(in.string(), in.number());
      }
    }
    Samples.checkTypes(errors.size());
    return errors;
  }

  private ExponentialHistogram histogram() {
    int scale = in.integer();
    long zeroCount = in.number();
    int offset = in.integer();
    int size = 0;
    for (int more = in.block(); more > 0; more = in.block()) {
      if (size + more > counts.length) {
        counts = Arrays.copyOf(counts, Math.max(size + more, 2 * counts.length));
      }
      for (int i = 0; i < more; i++) {
        counts[size++] = in.number();
      }
    }
    return ExponentialHistogram.of(scale, zeroCount, offset, Arrays.copyOf(counts, size));
  }

  private List<String> exemplars() {
    int more = in.block();
    if (more == 0) {
      return List.of();
    }
    List<String> exemplars = new ArrayList<>();
    for (; more > 0; more = in.block()) {
      for (int i = 0; i < more; i++) {
        exemplars.add(in.string());
      }
    }
    return exemplars;
  }
}
