package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names that somebody makes of requests, and a fault that everybody feels at once. */
class ManyBreakersTest {

  private static final int MILLION = 1_000_000;
  private static final int BUNDLE = 1_000;

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private ConsumerRecord<byte[], byte[]> failing(int number) {
    return failing(number, 1);
  }

  private ConsumerRecord<byte[], byte[]> failing(int number, long sequence) {
    String breaker = "breaker-" + number;
    Observation bad = Observations.bad(25, 0, sequence, lab.now).setBreaker(breaker).build();
    return lab.raw(Topics.OBSERVATIONS, breaker, bad);
  }

  /**
   * Records that differ in one name of eleven characters only; to encode a million takes longer.
   */
  private void renamed(
      Topic<?> topic, ConsumerRecord<byte[], byte[]> template, IntFunction<String> names) {
    String before = new String(template.value(), StandardCharsets.ISO_8859_1);
    int at = before.indexOf(names.apply(0));
    List<ConsumerRecord<byte[], byte[]>> bundle = new ArrayList<>();
    for (int number = 0; number < MILLION; number++) {
      byte[] name = names.apply(number).getBytes(StandardCharsets.US_ASCII);
      byte[] value = template.value().clone();
      System.arraycopy(name, 0, value, at, name.length);
      bundle.add(new ConsumerRecord<>(topic.name(), 0, number, name, value));
      if (bundle.size() == BUNDLE) {
        lab.bundle(topic, bundle);
        bundle.clear();
      }
    }
  }

  private static String name(int number) {
    return "name" + (MILLION + number);
  }

  private Map<String, BreakerState> lastStates() {
    Map<String, BreakerState> last = new HashMap<>();
    lab.states.forEach(state -> last.put(state.getBreaker(), state));
    return last;
  }

  @Test
  void ofAMillionBreakersThoseWithinTheLimitAreJudged_andTheOthersCountUnderTheStar() {
    Observation bad = Observations.bad(25, 0, 1, lab.now).setBreaker(name(0)).build();
    renamed(
        Topics.OBSERVATIONS, lab.raw(Topics.OBSERVATIONS, name(0), bad), ManyBreakersTest::name);

    int over = MILLION - Breakers.MOST;
    assertThat(lastStates()).hasSize(Breakers.MOST).doesNotContainKey("*");
    assertThat(lab.kept(DetectorTopology.BREAKERS)).hasSize(Breakers.MOST);
    assertThat(lab.metric("unjudged-observations-total")).isEqualTo(over);
    assertThat(lab.metric("unjudged-calls-total")).isEqualTo(25.0 * over);
    assertThat(lab.metric("unjudged-failures-total")).isEqualTo(25.0 * over);
    assertThat(lab.hasDeadLetters()).isFalse();
    assertThat(lab.kept(DetectorTopology.BREAKERS).values())
        .allMatch(kept -> ((KeptBreaker) kept).getSenders().size() == 1);
  }

  @Test
  void ofAMillionDependenciesOfSpansThoseWithinTheLimitAreToldApart() {
    Span span = Spans.answered("t", lab.now).setDependency(name(0)).clearOperation().build();
    renamed(Topics.SPANS, lab.raw(Topics.SPANS, "t", span), ManyBreakersTest::name);

    Map<String, Long> calls = new HashMap<>();
    for (Observation each : lab.output(Topics.OBSERVATIONS).readValuesToList()) {
      calls.merge(each.getBreaker(), each.getCalls(), Long::sum);
    }
    assertThat(calls).hasSize(BreakerIds.DEPENDENCIES + 1);
    assertThat(calls.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(MILLION);
    assertThat(lab.metric("calls-over-name-limit-total"))
        .isEqualTo(MILLION - BreakerIds.DEPENDENCIES);
  }

  @Test
  void aThousandBreakersThatTripAtOnceAllOpen_andDoNotComeBackAtOnce() {
    List<ConsumerRecord<byte[], byte[]>> bundle = new ArrayList<>();
    for (int number = 0; number < 1_000; number++) {
      bundle.add(failing(number));
    }
    for (int second = 2; second < 10 && lab.transitions.size() < 1_000; second++) {
      lab.bundle(Topics.OBSERVATIONS, bundle);
      bundle.clear();
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      for (int number = 0; number < 1_000; number++) {
        bundle.add(failing(number, second));
      }
    }

    assertThat(lab.transitions).hasSize(1_000).allMatch(each -> each.getTo() == State.OPEN);
    assertThat(lastStates().values()).hasSize(1_000).allMatch(each -> each.getEpoch() == 1);
    assertThat(lastStates().values().stream().map(BreakerState::getUntilMillis).distinct())
        .hasSizeGreaterThan(500);
    lab.wait(Duration.ofSeconds(10));
    assertThat(lastStates().values()).allMatch(each -> each.getState() == State.PROBING);
    assertThat(lab.transitions).hasSize(2_000);
  }
}
