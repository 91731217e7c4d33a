package dev.switchgear.detector;

import static dev.switchgear.detector.MetricPoints.calls;
import static dev.switchgear.detector.MetricPoints.callsSince;
import static dev.switchgear.detector.MetricPoints.exponentialSince;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricLaneTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final Lab lab = new Lab();
  private final TestOutputTopic<String, Observation> topic = lab.output(Topics.OBSERVATIONS);
  private final List<Observation> observations = new ArrayList<>();

  @AfterEach
  void close() {
    lab.close();
  }

  private void export(MetricPoint.Builder... points) {
    for (MetricPoint.Builder each : points) {
      lab.metric(each.build());
    }
    lab.pass(Duration.ofSeconds(1));
    observations.addAll(topic.readValuesToList());
  }

  private long counted() {
    return observations.stream().mapToLong(Observation::getCalls).sum();
  }

  private Observation last() {
    return observations.get(observations.size() - 1);
  }

  @Test
  void whatAnExportSaysOfABreaker_isOneObservation() {
    long from = lab.now - 60_000;
    export(calls(from, lab.now, 90), calls(from, lab.now, 10).setAttributes(MetricPoints.FAILED));

    assertThat(observations).hasSize(1);
    Observation observation = last();
    assertThat(observation.getBreaker()).isEqualTo("payments");
    assertThat(observation.getLane()).isEqualTo(Lane.METRIC);
    assertThat(observation.getService()).isEqualTo("checkout");
    assertThat(observation.getInstance()).isEqualTo("checkout-1");
    assertThat(observation.getEpoch()).isEqualTo(-1);
    assertThat(observation.getFromMillis()).isEqualTo(from);
    assertThat(observation.getIntervalMillis()).isEqualTo(60_000);
    assertThat(observation.getCalls()).isEqualTo(100);
    assertThat(observation.getErrors()).containsOnly(Map.entry("503", 10L));
    ExponentialHistogram latency = Histograms.of(observation.getLatencyNanos());
    assertThat(latency.quantile(0.5)).isBetween(10e6, 100e6);
    assertThat(lab.kept(DetectorTopology.METRIC_SUMS)).isEmpty();
    assertThat(lab.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void whereNobodySaysOtherwise_theServersOwnFailuresAreFailures() {
    Map<String, String> attributes =
        Map.of("server.address", "payments", "http.response.status_code", "502");
    export(calls(lab.now - 1_000, lab.now, 3).setAttributes(attributes));

    assertThat(last().getErrors()).containsOnly(Map.entry("502", 3L));
  }

  @Test
  void theDependencyIsTheOneASpanWouldName_andSoIsTheOperation() {
    Map<String, String> attributes =
        Map.of(
            "service.peer.name", "ledger",
            "peer.service", "old",
            "server.address", "10.0.0.1",
            "rpc.method", "book",
            "rpc.grpc.status_code", "14");
    export(
        calls(lab.now - 1_000, lab.now, 3)
            .setName("rpc.client.duration")
            .setAttributes(attributes));

    assertThat(last().getBreaker()).isEqualTo("ledger/book");
    assertThat(last().getErrors()).containsOnly(Map.entry("UNAVAILABLE", 3L));
  }

  @Test
  void millisecondsAreToldFromSeconds() {
    export(
        calls(lab.now - 1_000, lab.now, 1).setUnit("ms").setBounds(List.of(10.0, 100.0, 1_000.0)));

    assertThat(Histograms.of(last().getLatencyNanos()).quantile(0.5)).isBetween(10e6, 100e6);
  }

  @Test
  void whatCountsSinceItsStart_countsOnce() {
    long start = lab.now - DAY / 2;
    export(callsSince(start, lab.now, 1_000));
    assertThat(observations).isEmpty();

    long before = lab.now;
    lab.pass(MINUTE);
    export(callsSince(start, lab.now, 1_040));
    assertThat(counted()).isEqualTo(40);
    assertThat(last().getIntervalMillis()).isBetween(60_000, 62_000);
    assertThat(last().getFromMillis()).isBetween(before - 2_000, before);

    export(callsSince(start, lab.now, 1_040));
    assertThat(counted()).isEqualTo(40);
  }

  @Test
  void aSeriesThatAppears_hasCountedNothingBefore() {
    long start = lab.now - DAY / 2;
    export(callsSince(start, lab.now, 1_000));
    lab.pass(MINUTE);
    export(
        callsSince(start, lab.now, 1_000),
        callsSince(start, lab.now, 30).setAttributes(MetricPoints.FAILED));

    assertThat(counted()).isEqualTo(30);
    assertThat(last().getErrors()).containsOnly(Map.entry("503", 30L));
    assertThat(last().getIntervalMillis()).isBetween(60_000, 62_000);
  }

  @Test
  void aProcessThatHasJustBegun_isCountedFromItsFirstExportOn() {
    export(callsSince(lab.now - 60_000, lab.now, 7));

    assertThat(counted()).isEqualTo(7);
  }

  @Test
  void whenAProcessBeginsAnew_itsCountIsAllNews() {
    long start = lab.now - DAY / 2;
    export(callsSince(start, lab.now, 1_000));
    lab.pass(MINUTE);
    long restarted = lab.now - 20_000;
    export(callsSince(restarted, lab.now, 5));

    assertThat(counted()).isEqualTo(5);
    assertThat(last().getFromMillis()).isEqualTo(restarted);
  }

  @Test
  void aCountThatFalls_hasBegunAnewWithoutSayingSo() {
    export(callsSince(0, lab.now, 1_000));
    lab.pass(MINUTE);
    export(callsSince(0, lab.now, 5));

    assertThat(counted()).isEqualTo(5);
  }

  @Test
  void bucketsOfPowers_areComparedAtTheCoarserScale() {
    long start = lab.now - DAY / 2;
    // Scale 1: base 1.41. Buckets -8 and -7 are (0.0625, 0.0884] and (0.0884, 0.125] seconds.
    export(exponentialSince(start, lab.now, 1, -8, 10L, 20L));
    lab.pass(MINUTE);
    // Scale 0: bucket -4 is (0.0625, 0.125], bucket 0 is (1, 2].
    export(exponentialSince(start, lab.now, 0, -4, 33L, 0L, 0L, 0L, 4L));

    assertThat(counted()).isEqualTo(7);
    ExponentialHistogram latency = Histograms.of(last().getLatencyNanos());
    assertThat(latency.countAbove(0.5e9)).isEqualTo(4);
    assertThat(latency.quantile(0.2)).isCloseTo(0.088e9, within(0.01e9));
  }

  @Test
  void whatIsComparedWith_andWhatIsNotPassedOnYet_isKept() {
    lab.metric(callsSince(lab.now - 60_000, lab.now, 7).build());

    assertThat(lab.kept(DetectorTopology.METRIC_SERIES)).hasSize(1);
    Observation kept =
        (Observation) lab.kept(DetectorTopology.METRIC_SUMS).values().iterator().next();
    assertThat(kept.getCalls()).isEqualTo(7);
    assertThat(new MetricSum(kept).kept()).isEqualTo(kept);
  }

  @Test
  void metricsOfAnInstanceWhoseGuardIsHeard_countNothing() {
    Observation.Builder guarded = Observations.good(5, 0, 1, lab.now).setBreaker("payments");
    lab.observe(guarded.build());
    export(calls(lab.now - 60_000, lab.now, 100));
    assertThat(lab.metric("second-hand-observations-total")).isEqualTo(1);

    lab.pass(Duration.ofMinutes(6));
    export(calls(lab.now - 60_000, lab.now, 100));
    assertThat(lab.metric("second-hand-observations-total")).isEqualTo(1);
  }

  @Test
  void metricsOfAnotherInstanceCount_andThoseOfOneWhoseSpansAreReadDoNot() {
    Map<String, String> payments = Map.of("service.peer.name", "payments", "rpc.method", "charge");
    lab.span(Spans.answered("a", lab.now).build());
    export(
        calls(lab.now - 1_000, lab.now, 1).setAttributes(payments),
        calls(lab.now - 1_000, lab.now, 1).setAttributes(payments).setInstance("checkout-17"));

    assertThat(lab.metric("second-hand-observations-total")).isEqualTo(1);
  }

  @Test
  void otherMetricsAreLeftAlone_andAbsurdOnesAreDeadLetters() {
    export(
        calls(lab.now - 1_000, lab.now, 1).setName("http.server.request.duration"),
        calls(lab.now - 1_000, lab.now, 1).setAttributes(Map.of()));
    assertThat(observations).isEmpty();
    assertThat(lab.hasDeadLetters()).isFalse();

    export(calls(lab.now - 1_000, lab.now, 1).setUnit("furlong"));
    assertThat(lab.deadLetter()).contains("unit: \"furlong\" (expected: s, ms, us or ns)");
    export(calls(lab.now - 3 * DAY, lab.now - 3 * DAY, 1));
    assertThat(lab.deadLetter()).contains("atEpochNanos");
  }
}
