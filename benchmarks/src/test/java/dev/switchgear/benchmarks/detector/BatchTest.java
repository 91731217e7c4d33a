package dev.switchgear.benchmarks.detector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class BatchTest {

  private static final long NOW = 1_767_571_200_000L;
  private static final Records RECORDS = Records.builtInOnly();
  private static final Deserializer<Span> SPANS = RECORDS.deserializer(Span.class);
  private static final Deserializer<Observation> OBSERVATIONS =
      RECORDS.deserializer(Observation.class);

  @Test
  void aSpanIsOfTheMomentAndElseAsItWas() {
    Batch batch = new Batch(Stencil.ofAll(Lane.SPANS, NOW));

    batch.stamp(NOW + 4_711);

    int number = 0;
    for (Record each : batch.records().records()) {
      Lane.Entry made = Lane.SPANS.entry(number++, Lane.DEPENDENCIES, NOW);
      Span span = span(each);
      assertThat(new String(Utils.toArray(each.key()), UTF_8)).isEqualTo(made.key());
      assertThat(span.getStartEpochNanos()).isEqualTo((NOW + 4_711) * 1_000_000);
      span.put("startEpochNanos", NOW * 1_000_000);
      assertThat(span).isEqualTo(made.value());
    }
    assertThat(number).isEqualTo(1_000);
  }

  @Test
  void whatIsStampedIsWhatABrokerTakes() {
    Batch batch = new Batch(Stencil.ofAll(Lane.OBSERVATIONS, NOW));

    batch.stamp(NOW + 4_711);

    for (RecordBatch each : batch.records().batches()) {
      each.ensureValid();
      assertThat(each.maxTimestamp()).isEqualTo(NOW + 4_711);
      each.forEach(record -> assertThat(record.timestamp()).isEqualTo(NOW + 4_711));
    }
  }

  @Test
  void noObservationIsARepeatedOne() {
    List<Stencil> stencils = Stencil.ofAll(Lane.OBSERVATIONS, NOW);
    List<Batch> batches = List.of(new Batch(stencils), new Batch(stencils));
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Batch batch = batches.get(i % 2);
      batch.stamp(NOW + i);
      for (Record each : batch.records().records()) {
        Observation observation = observation(each);
        String sender = observation.getBreaker() + observation.getInstance();
        seen.add(sender + " " + observation.getSequence());
        assertThat(observation.getFromMillis()).isEqualTo(NOW + i);
      }
    }

    assertThat(seen).hasSize(10_000);
  }

  private static Span span(Record record) {
    return SPANS.deserialize("spans", value(record));
  }

  private static Observation observation(Record record) {
    return OBSERVATIONS.deserialize("observations", value(record));
  }

  private static byte[] value(Record record) {
    return Utils.toArray(record.value());
  }
}
