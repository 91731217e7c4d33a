package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import dev.switchgear.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read field by field is what Avro reads. */
class ReadersTest {

  private static final int MANY = 5_000;
  private static final Records RECORDS = Records.builtInOnly();
  private static final Deserializer<Span> SPANS = RECORDS.deserializer(Span.class);
  private static final Deserializer<Observation> OBSERVATIONS =
      RECORDS.deserializer(Observation.class);

  private final Random random = new Random(7);

  @Test
  void aSpanIsReadAsAvroReadsIt() {
    SpanReader fast = new SpanReader(new Never<>());
    SpanReader slow = new SpanReader(SPANS);
    for (int i = 0; i < MANY; i++) {
      byte[] bytes = encoded(span());
      assertSame(
          () -> fast.read(bytes, Lab.START),
          () -> slow.read(SPANS.deserialize("", bytes), Lab.START));
    }
  }

  @Test
  void anObservationIsReadAsAvroReadsIt() {
    ReportReader fast = new ReportReader(new Never<>());
    for (int i = 0; i < MANY; i++) {
      Observation observation = observation();
      String key = random.nextInt(20) == 0 ? "other" : observation.getBreaker();
      var record = record(key, encoded(observation));
      assertSame(() -> fast.read(record, Lab.START), () -> Report.of(key, observation, Lab.START));
    }
  }

  @Test
  void whatIsCutOffAnywhereIsRefused() {
    SpanReader spans = new SpanReader(SPANS);
    ReportReader reports = new ReportReader(OBSERVATIONS);
    Span failed = Spans.failed("trace", Lab.START).build();
    byte[] span = encoded(failed);
    int needed = new String(span, StandardCharsets.ISO_8859_1).indexOf("trace") + "trace".length();
    for (int length = 0; length < needed; length++) {
      byte[] cut = Arrays.copyOf(span, length);
      assertThat(catchThrowable(() -> spans.read(cut, Lab.START))).isNotNull();
    }
    byte[] whole = encoded(Observations.bad(3, 0, 1, Lab.START).build());
    for (int length = 0; length < whole.length - 3; length++) {
      var cut = record(Observations.BREAKER, Arrays.copyOf(whole, length));
      assertThat(catchThrowable(() -> reports.read(cut, Lab.START))).isNotNull();
    }
  }

  @Test
  void bytesThatWereChangedAnywhereAreReadOrRefused_neverWorse() {
    SpanReader spans = new SpanReader(SPANS);
    ReportReader reports = new ReportReader(OBSERVATIONS);
    for (int i = 0; i < MANY; i++) {
      byte[] span = damaged(encoded(span()));
      byte[] observation = damaged(encoded(observation()));
      assertBearable(catchThrowable(() -> spans.read(span, Lab.START)));
      assertBearable(catchThrowable(() -> reports.read(record("b", observation), Lab.START)));
    }
  }

  @Test
  void moreNamesThanAreRememberedAreReadTheSame() {
    KnownBytes<Integer> known = new KnownBytes<>();
    for (int i = 0; i < 3 * KnownBytes.MOST; i++) {
      byte[] name = ("name-" + i).getBytes(StandardCharsets.UTF_8);
      assertThat(known.get(name, 0, name.length)).isNull();
      known.put(name, 0, name.length, i);
      assertThat(known.get(name, 0, name.length)).isEqualTo(i);
    }
    byte[] last = ("xname-" + (3 * KnownBytes.MOST - 1) + "x").getBytes(StandardCharsets.UTF_8);
    assertThat(known.get(last, 1, last.length - 1)).isEqualTo(3 * KnownBytes.MOST - 1);
    byte[] endless = new byte[KnownBytes.LONGEST + 1];
    known.put(endless, 0, endless.length, 1);
    assertThat(known.get(endless, 0, endless.length)).isNull();
  }

  /** Nothing here is of another schema. */
  private static final class Never<V> implements Deserializer<V> {
    @Override
    public V deserialize(String topic, byte[] bytes) {
      throw new AssertionError("Decoded by Avro");
    }
  }

  private static void assertBearable(@Nullable Throwable thrown) {
    assertThat(thrown instanceof Error || thrown instanceof IllegalStateException).isFalse();
  }

  private static void assertSame(Supplier<@Nullable Object> fast, Supplier<@Nullable Object> slow) {
    assertThat(outcome(fast)).isEqualTo(outcome(slow));
  }

  /** Histograms and trace ids of good calls aside, which are compared by their text. */
  private static String outcome(Supplier<@Nullable Object> attempt) {
    try {
      Object read = attempt.get();
      if (read instanceof Report report) {
        return report.toString().replaceAll("ExponentialHistogram@\\w+", "")
            + Histograms.record(report.sample().latencyNanos());
      }
      boolean good = read instanceof SpanCall call && call.errorType() == null;
      return good ? read.toString().replaceAll("traceId=[^]]*", "") : String.valueOf(read);
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private byte[] damaged(byte[] bytes) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static ConsumerRecord<byte[], byte[]> record(String key, byte[] value) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return new ConsumerRecord<>(Topics.OBSERVATIONS.name(), 0, 0, bytes, value);
  }

  private static byte[] encoded(Span span) {
    return RECORDS.serializer(Span.class).serialize("", span);
  }

  private static byte[] encoded(Observation observation) {
    return RECORDS.serializer(Observation.class).serialize("", observation);
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private Span span() {
    Span.Builder span =
        Spans.answered("trace-" + random.nextInt(5), Lab.START)
            .setKind(one(SpanKind.values()))
            .setStatus(one(SpanStatus.values()))
            .setGuarded(random.nextInt(4) == 0)
            .setDurationNanos(random.nextInt(20) == 0 ? -1 : random.nextInt())
            .setStartEpochNanos(Lab.START * 1_000_000 + random.nextInt())
            .setService(name())
            .setInstance(name())
            .setAttributes(Map.of("a", "b"));
    span.setDependency(optional()).setOperation(optional()).setErrorType(optional());
    return span.setServiceVersion(optional()).setZone(optional()).setRegion(optional()).build();
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private Observation observation() {
    List<Long> counts = new ArrayList<>();
    for (int i = random.nextInt(4) * 20; i > 0; i--) {
      counts.add((long) random.nextInt(5));
    }
    Map<String, Long> errors = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      errors.put(name(), (long) random.nextInt(20));
    }
    return Observation.newBuilder()
        .setBreaker(name())
        .setLane(one(Lane.values()))
        .setService(name())
        .setInstance(name() + (random.nextBoolean() ? SpanSum.LANE + "3" : ""))
        .setServiceVersion(optional())
        .setZone(optional())
        .setRegion(optional())
        .setSequence(random.nextLong())
        .setIncarnation(random.nextLong())
        .setFromMillis(Lab.START - random.nextInt(100_000))
        .setIntervalMillis(random.nextInt(1_000) - 10)
        .setEpoch(random.nextInt(5) - 1L)
        .setCalls(random.nextInt(300))
        .setErrors(errors)
        .setRefusals(random.nextInt(5))
        .setLatencyNanos(new Histogram(random.nextInt(12), 0L, random.nextInt(99), counts))
        .setExemplars(random.nextBoolean() ? List.of() : List.of(name(), name()))
        .build();
  }

  private String name() {
    String[] names = {"a", "payments", "größe", "日本", " ", "", "x".repeat(256), "y\u0007"};
    int drawn = random.nextInt(40);
    return drawn < names.length ? names[drawn] : "name-" + drawn;
  }

  private @Nullable String optional() {
    return random.nextBoolean() ? null : name();
  }

  private <E> E one(E[] values) {
    return values[random.nextInt(values.length)];
  }
}
