package dev.switchgear.ingest.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableLongPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSummaryData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSummaryPointData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricRecordsTest {

  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("scope");
  private static final Attributes ATTRIBUTES = Attributes.builder().put("k", "v").build();
  private static final ExponentialHistogramBuckets NONE =
      ExponentialHistogramBuckets.create(3, 0, List.of());

  private final MetricRecords records = new MetricRecords(Known.origins());

  @Test
  void everyFieldOfAGaugeIsFilled() {
    MetricData gauge =
        ImmutableMetricData.createLongGauge(
            Known.RESOURCE,
            SCOPE,
            "queue.depth",
            "items waiting",
            "{item}",
            ImmutableGaugeData.create(
                List.of(ImmutableLongPointData.create(10, 20, ATTRIBUTES, 7))));

    assertThat(only(gauge))
        .isEqualTo(
            MetricPoint.newBuilder()
                .setName("queue.depth")
                .setUnit("{item}")
                .setKind(MetricKind.GAUGE)
                .setService("checkout")
                .setInstance("checkout-1")
                .setAtEpochNanos(20)
                .setStartEpochNanos(20)
                .setValue(7)
                .setAttributes(Map.of("k", "v"))
                .build());
  }

  @Test
  void gaugesOfRealNumbersToo() {
    MetricData gauge =
        ImmutableMetricData.createDoubleGauge(
            Known.RESOURCE,
            SCOPE,
            "utilisation",
            "",
            "1",
            ImmutableGaugeData.create(
                List.of(ImmutableDoublePointData.create(10, 20, ATTRIBUTES, 0.5))));

    assertThat(only(gauge).getValue()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @EnumSource(AggregationTemporality.class)
  void sumsOfBothNumberTypesKeepTheirTemporality(AggregationTemporality temporality) {
    MetricData whole =
        ImmutableMetricData.createLongSum(
            Known.RESOURCE,
            SCOPE,
            "requests",
            "",
            "1",
            ImmutableSumData.create(
                true, temporality, List.of(ImmutableLongPointData.create(10, 20, ATTRIBUTES, 7))));
    MetricData real =
        ImmutableMetricData.createDoubleSum(
            Known.RESOURCE,
            SCOPE,
            "seconds",
            "",
            "s",
            ImmutableSumData.create(
                true,
                temporality,
                List.of(ImmutableDoublePointData.create(10, 20, ATTRIBUTES, 7.5))));

    assertThat(only(whole).getValue()).isEqualTo(7);
    assertThat(only(real).getValue()).isEqualTo(7.5);
    for (MetricPoint point : List.of(only(whole), only(real))) {
      assertThat(point.getKind()).isEqualTo(MetricKind.SUM);
      assertThat(point.getDelta()).isEqualTo(temporality == AggregationTemporality.DELTA);
      assertThat(point.getStartEpochNanos()).isEqualTo(10);
      assertThat(point.getAtEpochNanos()).isEqualTo(20);
    }
  }

  @Test
  void anExplicitHistogramKeepsItsBuckets() {
    MetricData histogram =
        ImmutableMetricData.createDoubleHistogram(
            Known.RESOURCE,
            SCOPE,
            "duration",
            "",
            "s",
            ImmutableHistogramData.create(
                AggregationTemporality.DELTA,
                List.of(
                    ImmutableHistogramPointData.create(
                        10,
                        20,
                        ATTRIBUTES,
                        4.5,
                        false,
                        0,
                        false,
                        0,
                        List.of(1.0),
                        List.of(2L, 1L)))));

    MetricPoint point = only(histogram);

    assertThat(point.getKind()).isEqualTo(MetricKind.HISTOGRAM);
    assertThat(point.getDelta()).isTrue();
    assertThat(point.getCount()).isEqualTo(3);
    assertThat(point.getValue()).isEqualTo(4.5);
    assertThat(point.getBounds()).containsExactly(1.0);
    assertThat(point.getBoundCounts()).containsExactly(2L, 1L);
  }

  @Test
  void anExponentialHistogramKeepsItsBuckets() {
    MetricPoint point =
        only(exponential(ExponentialHistogramBuckets.create(3, -5, List.of(1L, 2L)), NONE));

    assertThat(point.getKind()).isEqualTo(MetricKind.HISTOGRAM);
    assertThat(point.getDelta()).isFalse();
    assertThat(point.getCount()).isEqualTo(4);
    assertThat(point.getExponential()).isEqualTo(new Histogram(3, 1L, -5, List.of(1L, 2L)));
  }

  @Test
  void whatTheRecordCannotHold_isRefused() {
    MetricData negative = exponential(NONE, ExponentialHistogramBuckets.create(3, 0, List.of(1L)));
    MetricData summary =
        ImmutableMetricData.createDoubleSummary(
            Known.RESOURCE,
            SCOPE,
            "old",
            "",
            "s",
            ImmutableSummaryData.create(
                List.of(ImmutableSummaryPointData.create(10, 20, ATTRIBUTES, 1, 1, List.of()))));

    assertThatThrownBy(() -> only(negative)).hasMessageContaining("negative");
    assertThatThrownBy(() -> only(summary)).hasMessageContaining("old: a summary");
  }

  private MetricPoint only(MetricData metric) {
    List<MetricRecords.Point> points = MetricRecords.points(metric).toList();
    assertThat(points).hasSize(1);
    return records.of(points.get(0));
  }

  private static MetricData exponential(
      ExponentialHistogramBuckets positive, ExponentialHistogramBuckets negative) {
    return ImmutableMetricData.createExponentialHistogram(
        Known.RESOURCE,
        SCOPE,
        "duration",
        "",
        "s",
        ImmutableExponentialHistogramData.create(
            AggregationTemporality.CUMULATIVE,
            List.of(
                ImmutableExponentialHistogramPointData.create(
                    3,
                    4.5,
                    1,
                    false,
                    0,
                    false,
                    0,
                    positive,
                    negative,
                    10,
                    20,
                    ATTRIBUTES,
                    List.of()))));
  }
}
