package dev.switchgear.ingest.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.ingest.outlet.Series.Interval;
import dev.switchgear.ingest.outlet.Series.Measured;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {

  private static final Origin ORIGIN = new Origin("checkout", "checkout-1", null, null, null);
  private static final Interval COVERED = new Interval(10, 20);

  private final Series series = new Series(ORIGIN, "http.client.request.duration", "s");
  private final Texts attributes = new Texts().put("k", "v");

  @Test
  void aGaugeIsOfItsMoment() {
    MetricPoint point = series.gauge(20, 1.5, attributes);

    assertThat(point.getKind()).isEqualTo(MetricKind.GAUGE);
    assertThat(point.getName()).isEqualTo("http.client.request.duration");
    assertThat(point.getUnit()).isEqualTo("s");
    assertThat(point.getService()).isEqualTo("checkout");
    assertThat(point.getInstance()).isEqualTo("checkout-1");
    assertThat(point.getStartEpochNanos()).isEqualTo(20);
    assertThat(point.getAtEpochNanos()).isEqualTo(20);
    assertThat(point.getValue()).isEqualTo(1.5);
    assertThat(point.getDelta()).isFalse();
    assertThat(point.getAttributes()).containsEntry("k", "v");
  }

  @Test
  void aSumKeepsItsTemporality() {
    for (boolean delta : new boolean[] {true, false}) {
      MetricPoint point = series.sum(COVERED, delta, true, 3, attributes);

      assertThat(point.getKind()).isEqualTo(MetricKind.SUM);
      assertThat(point.getDelta()).isEqualTo(delta);
      assertThat(point.getStartEpochNanos()).isEqualTo(10);
      assertThat(point.getAtEpochNanos()).isEqualTo(20);
    }
  }

  @Test
  void aLevelIsAGauge_itsChangesAreASum() {
    assertThat(series.sum(COVERED, false, false, 3, attributes).getKind())
        .isEqualTo(MetricKind.GAUGE);
    assertThat(series.sum(COVERED, true, false, -3, attributes).getKind())
        .isEqualTo(MetricKind.SUM);
  }

  @Test
  void anExplicitHistogramKeepsBoundsAndCounts() {
    MetricPoint point =
        series.histogram(
            COVERED,
            true,
            new Measured(3, 4.5),
            List.of(1.0, 2.0),
            List.of(1L, 1L, 1L),
            attributes);

    assertThat(point.getKind()).isEqualTo(MetricKind.HISTOGRAM);
    assertThat(point.getDelta()).isTrue();
    assertThat(point.getCount()).isEqualTo(3);
    assertThat(point.getValue()).isEqualTo(4.5);
    assertThat(point.getBounds()).containsExactly(1.0, 2.0);
    assertThat(point.getBoundCounts()).containsExactly(1L, 1L, 1L);
    assertThat(point.getExponential()).isNull();
  }

  @Test
  void aHistogramMayHaveNoBuckets() {
    MetricPoint point =
        series.histogram(COVERED, true, new Measured(3, 4.5), List.of(), List.of(), attributes);

    assertThat(point.getCount()).isEqualTo(3);
  }

  @Test
  void anExponentialHistogramKeepsItsBuckets() {
    Histogram buckets = new Histogram(3, 1L, -5, List.of(1L, 2L));

    MetricPoint point = series.exponential(COVERED, false, new Measured(4, 2), buckets, attributes);

    assertThat(point.getExponential()).isEqualTo(buckets);
    assertThat(point.getDelta()).isFalse();
    assertThat(point.getBounds()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatIsNoNumber_isRefused(double value) {
    assertThatThrownBy(() -> series.gauge(20, value, attributes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a finite number");
    assertThatThrownBy(() -> new Measured(1, value)).hasMessageContaining("finite");
  }

  @Test
  void impossibleHistograms_areRefused() {
    Measured measured = new Measured(3, 4.5);
    assertThatThrownBy(
            () -> series.histogram(COVERED, true, measured, List.of(1.0), List.of(1L), attributes))
        .hasMessageContaining("one more than bounds");
    assertThatThrownBy(
            () ->
                series.histogram(
                    COVERED, true, measured, List.of(2.0, 1.0), List.of(1L, 1L, 1L), attributes))
        .hasMessageContaining("rising");
    assertThatThrownBy(
            () ->
                series.histogram(
                    COVERED, true, measured, List.of(1.0), List.of(1L, -1L), attributes))
        .hasMessageContaining("at least 0");
    for (Histogram buckets :
        List.of(
            new Histogram(21, 0L, 0, List.of()),
            new Histogram(0, 0L, Integer.MAX_VALUE, List.of(1L)),
            new Histogram(0, -1L, 0, List.of()))) {
      assertThatThrownBy(() -> series.exponential(COVERED, true, measured, buckets, attributes))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Measured(-1, 0)).hasMessageContaining("count: -1");
    assertThatThrownBy(() -> Series.checkNothingNegative(2)).hasMessageContaining("2");
  }

  @Test
  void impossibleTimesAndNames_areRefused() {
    assertThatThrownBy(() -> new Interval(21, 20)).hasMessageContaining("21..20 ns");
    assertThatThrownBy(() -> new Interval(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Series(ORIGIN, " ", "s")).hasMessageContaining("a name");
  }
}
