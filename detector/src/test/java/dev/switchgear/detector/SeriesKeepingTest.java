package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.series.Limits;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesJudge;
import dev.switchgear.breaker.series.SeriesMemory;
import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.state.KeptCaller;
import dev.switchgear.detector.state.KeptSeries;
import dev.switchgear.schemas.Records;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class SeriesKeepingTest {

  private static final Serde<KeptSeries> SERDE = Records.builtInOnly().serde(KeptSeries.class);

  @Test
  void whatIsReadFromTheChangelog_isWhatWasKept() {
    SeriesJudge judge = new SeriesJudge(0.01, new Limits(0.9, Double.POSITIVE_INFINITY));
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      Map<Measure, Double> values =
          Map.of(
              Measure.CALLS_PER_SECOND,
              i < 1_990 ? 40 + random.nextDouble() : 0.0,
              Measure.CPU,
              0.2 + random.nextDouble(),
              Measure.QUEUE_DEPTH,
              10 * random.nextDouble());
      judge.take(new SeriesSample(Lab.START + i * 10_000L, values));
    }
    SeriesMemory memory = judge.memory();
    KeptSeries kept =
        new KeptSeries(
            Lab.START, SeriesKeeping.kept(memory), List.of(new KeptCaller("s", "i", 1.5)));

    byte[] bytes = SERDE.serializer().serialize("", kept);
    KeptSeries read = SERDE.deserializer().deserialize("", bytes);

    assertThat(SeriesKeeping.memory(read.getMeasures())).isEqualTo(memory);
    assertThat(read.getCallers()).isEqualTo(kept.getCallers());
    assertThat(bytes.length).isLessThan(40_000);
  }
}
