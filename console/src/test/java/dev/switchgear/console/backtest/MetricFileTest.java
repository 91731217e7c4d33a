package dev.switchgear.console.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricFileTest {

  @TempDir private Path directory;

  @Test
  void rowsOfOneMoment_areOneSample_inWhateverOrderTheyCome() throws Exception {
    List<SeriesSample> samples =
        samples(
            """
            time,dependency,metric,value
            1700000060,payments,latency_p50_ms,42
            2023-11-14T22:13:20Z,payments,request_rate,10
            1700000060,payments,request_rate,12
            1700000060,payments,cpu,0.5
            """);

    assertThat(samples)
        .extracting(SeriesSample::atMillis)
        .containsExactly(1700000000000L, 1700000060000L);
    assertThat(samples.get(0).values()).containsOnly(entry(Measure.CALLS_PER_SECOND, 10));
    assertThat(samples.get(1).values())
        .containsOnly(
            entry(Measure.CALLS_PER_SECOND, 12),
            entry(Measure.LATENCY_P50, 42),
            entry(Measure.CPU, 0.5));
  }

  @Test
  void columnsMayComeInAnyOrder_andOthersAreLeftOut() throws Exception {
    List<SeriesSample> samples =
        samples("value,host,time,metric,dependency\n7,web-1,1700000000.5,queue_depth,orders\n");

    assertThat(samples.get(0).atMillis()).isEqualTo(1700000000500L);
    assertThat(samples.get(0).values()).containsOnly(entry(Measure.QUEUE_DEPTH, 7));
  }

  @Test
  void callsAndErrors_becomeARateAndAShare() throws Exception {
    List<SeriesSample> samples =
        samples(
            """
            time,dependency,metric,value
            1700000000,payments,calls,300
            1700000000,payments,errors,3
            1700000060,payments,calls,600
            1700000060,payments,errors,300
            """);

    assertThat(samples.get(0).values())
        .containsOnly(entry(Measure.CALLS_PER_SECOND, 5), entry(Measure.ERROR_SHARE, 0.01));
    assertThat(samples.get(1).values())
        .containsOnly(entry(Measure.CALLS_PER_SECOND, 10), entry(Measure.ERROR_SHARE, 0.5));
  }

  @ParameterizedTest
  @CsvSource({"0.2, 0.9, 50, 0.2", "20, 90, 50, 0.2", "10, 50, 50, 0.2"})
  void anErrorRate_isAShare_orInPercent_orFailedCallsASecond(
      double first, double second, double rate, double share) throws Exception {
    String file =
        "time,dependency,metric,value\n1700000000,payments,error_rate,"
            + first
            + "\n1700000000,payments,request_rate,"
            + rate
            + "\n1700000060,payments,error_rate,"
            + second
            + "\n";

    assertThat(samples(file).get(0).values()).containsEntry(Measure.ERROR_SHARE, share);
  }

  @Test
  void whereNobodyCalled_nothingIsKnownOfErrors() throws Exception {
    List<SeriesSample> samples =
        samples(
            """
            time,dependency,metric,value
            1700000000,payments,request_rate,0
            1700000000,payments,error_rate,0
            """);

    assertThat(samples.get(0).values()).containsOnly(entry(Measure.CALLS_PER_SECOND, 0));
  }

  @Test
  void whatIsNoMeasurement_isAGap() throws Exception {
    Measurements read =
        read(
            """
            time,dependency,metric,value
            1700000000,payments,cpu,
            1700000001,payments,cpu,NaN
            1700000002,payments,cpu,-3
            1700000003,payments,cpu,+Inf
            1700000004,payments,cpu,1
            """);

    assertThat(read.values()).isEqualTo(1);
    assertThat(read.gaps()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1700000000,payments,latncy_p99_ms,1 | :2: metric: latncy_p99_ms (did you mean latency_p99_ms? expected: one of calls, errors,",
        "yesterday,payments,cpu,1 | :2: time: yesterday (expected: epoch seconds, or ISO-8601 such as 2026-01-31T12:00:00Z)",
        "-5,payments,cpu,1 | :2: time: -5 (expected: epoch seconds",
        "1700000000,payments,cpu,much | :2: value: much (expected: a number)",
        "1700000000,,cpu,1 | :2: dependency: \"\" (expected: a name)",
        "1700000000,payments,cpu | :2: 3 values (expected: time,dependency,metric,value)"
      })
  void aLineThatMakesNoSense_isNamed(String line, String complaint) {
    assertThatThrownBy(
            () -> read("time,dependency,metric,value\n" + line + "\n1700000000,payments,cpu,1\n"))
        .isInstanceOf(HistoryException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void aHeaderThatMakesNoSense_isNamed() {
    assertThatThrownBy(() -> read("time,service,metric,value\n1,a,cpu,1\n"))
        .hasMessageContaining(":1: no column dependency");
  }

  @Test
  void nothingAtAll_isNoHistory() {
    assertThatThrownBy(() -> read("time,dependency,metric,value\n"))
        .hasMessageEndingWith("holds no measurement");
  }

  private List<SeriesSample> samples(String text) throws IOException {
    List<SeriesSample> samples = new ArrayList<>();
    read(text).dependencies().values().iterator().next().forEach(samples::add);
    return samples;
  }

  private Measurements read(String text) throws IOException {
    return MetricFile.read(Files.writeString(directory.resolve("metrics.csv"), text));
  }

  private static Map.Entry<Measure, Double> entry(Measure measure, double value) {
    return Map.entry(measure, value);
  }
}
