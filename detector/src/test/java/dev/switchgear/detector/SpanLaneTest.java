package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanLaneTest {

  /** Others run the same tests in another lab. */
  Lab begun(Lab lab) {
    return lab;
  }

  private static final Duration SOON = Duration.ofMillis(250);

  private final Lab lab = begun(new Lab());
  private final TestOutputTopic<String, Observation> topic = lab.output(Topics.OBSERVATIONS);
  private final List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
  private final List<Observation> observations = new ArrayList<>();

  @AfterEach
  void close() {
    lab.close();
  }

  private void span(Span span) {
    read.add(lab.raw(Topics.SPANS, span.getTraceId(), span));
  }

  /** A commit, after all of these have been read. */
  private void flush() {
    if (!read.isEmpty()) {
      lab.bundle(Topics.SPANS, read);
      read.clear();
    }
    lab.pass(SOON);
    observations.addAll(topic.readValuesToList());
  }

  private long calls() {
    return observations.stream().mapToLong(Observation::getCalls).sum();
  }

  @Test
  void callsOfOneCallerAndSecondBecomeOneObservation() {
    long second = Lab.START + 500;
    for (int i = 0; i < 10; i++) {
      span(Spans.answered("good" + i, second).build());
      span(Spans.failed("bad" + i, second).build());
    }
    flush();

    assertThat(observations).hasSize(1);
    Observation observation = observations.get(0);
    assertThat(observation.getBreaker()).isEqualTo("payments/charge");
    assertThat(observation.getLane()).isEqualTo(Lane.SPAN);
    assertThat(observation.getService()).isEqualTo("checkout");
    assertThat(observation.getInstance()).isEqualTo("checkout-1#spans-0");
    assertThat(observation.getServiceVersion()).isEqualTo("1.2");
    assertThat(observation.getEpoch()).isEqualTo(-1);
    assertThat(observation.getFromMillis()).isEqualTo(Lab.START);
    assertThat(observation.getIntervalMillis()).isEqualTo(1_000);
    assertThat(observation.getCalls()).isEqualTo(20);
    assertThat(observation.getErrors()).containsOnly(Map.entry("503", 10L));
    assertThat(Histograms.of(observation.getLatencyNanos()).count()).isEqualTo(20);
    assertThat(observation.getExemplars()).containsExactly("bad0", "bad1", "bad2", "bad3");
    flush();
    assertThat(observations).hasSize(1);
  }

  @Test
  void theLongestNamesStillFit() {
    span(Spans.answered("a", lab.now).setInstance("i".repeat(255)).build());
    flush();

    assertThat(lab.state()).isEqualTo(State.CLOSED);
    assertThat(lab.hasDeadLetters()).isFalse();
  }

  @Test
  void onlyCallsThatNobodyElseCountsAreCounted() {
    span(Spans.answered("a", lab.now).build());
    span(Spans.answered("b", lab.now).setKind(SpanKind.PRODUCER).build());
    span(Spans.answered("c", lab.now).setGuarded(true).build());
    span(Spans.answered("d", lab.now).setKind(SpanKind.SERVER).build());
    span(Spans.answered("e", lab.now).setKind(SpanKind.CONSUMER).build());
    span(Spans.answered("f", lab.now).clearDependency().build());
    flush();

    assertThat(calls()).isEqualTo(2);
    assertThat(lab.hasDeadLetters()).isFalse();
  }

  @Test
  void callersBreakersAndSecondsAreToldApart() {
    span(Spans.answered("a", lab.now).build());
    span(Spans.answered("b", lab.now).setInstance("checkout-2").build());
    span(Spans.answered("c", lab.now).setService("search").build());
    span(Spans.answered("d", lab.now).setOperation("refund").build());
    span(Spans.answered("e", lab.now).clearOperation().build());
    span(Spans.answered("f", lab.now - 1_000).build());
    flush();

    assertThat(observations).hasSize(6);
    assertThat(observations)
        .extracting(Observation::getBreaker)
        .contains("payments", "payments/refund");
    assertThat(observations).extracting(Observation::getSequence).doesNotHaveDuplicates();
  }

  @Test
  void whenCatchingUp_nothingIsLeftOut_whateverIsFurtherAhead() {
    span(Spans.answered("newest", lab.now).build());
    for (int i = 600; i > 0; i--) {
      span(Spans.answered("t" + i, lab.now - i * 1_000L).build());
    }
    flush();

    assertThat(calls()).isEqualTo(601);
    assertThat(observations).hasSizeGreaterThan(600);
  }

  @Test
  void spansThatComeLaterAreAnObservationOfTheirOwn() {
    span(Spans.answered("a", Lab.START).build());
    flush();
    span(Spans.answered("b", Lab.START).build());
    flush();

    assertThat(observations).hasSize(2);
    assertThat(observations).extracting(Observation::getFromMillis).containsOnly(Lab.START - 1_000);
    assertThat(observations).extracting(Observation::getSequence).containsExactly(1L, 2L);
    assertThat(observations.get(0).getIncarnation())
        .isEqualTo(observations.get(1).getIncarnation())
        .isPositive();
  }

  @Test
  void failedSpansOpenTheBreaker_guardedOnesDoNot() {
    for (int i = 0; i < 100; i++) {
      span(Spans.failed("g" + i, lab.now).setGuarded(true).build());
    }
    flush();
    assertThat(lab.states).isEmpty();
    for (int i = 0; i < 100; i++) {
      span(Spans.failed("t" + i, lab.now).build());
    }
    flush();

    assertThat(lab.state()).isEqualTo(State.OPEN);
  }

  @Test
  void aCallThatBeganBeforeProbingDoesNotEndIt_oneThatBeganAfterDoes() {
    for (int i = 0; i < 100; i++) {
      span(Spans.failed("t" + i, lab.now).build());
    }
    flush();
    lab.wait(Duration.ofSeconds(7));
    assertThat(lab.state()).isEqualTo(State.PROBING);
    long probing = lab.last().getDecidedAtMillis();
    lab.pass(Duration.ofMillis(2_250));
    for (int i = 0; i < 100; i++) {
      long took = (lab.now - probing + 1) * 1_000_000;
      span(
          Spans.answered("old" + i, lab.now)
              .setStartEpochNanos((probing - 1) * 1_000_000)
              .setDurationNanos(took)
              .build());
    }
    flush();
    assertThat(lab.state()).isEqualTo(State.PROBING);

    for (int i = 0; i < 100; i++) {
      span(Spans.answered("new" + i, lab.now).build());
    }
    flush();
    assertThat(lab.state()).isNotEqualTo(State.PROBING);
  }

  @Test
  void aFailureWithoutATypeIsCountedAsOther() {
    span(Spans.failed("a", lab.now).clearErrorType().build());
    span(Spans.failed("b", lab.now).setErrorType("e".repeat(300)).build());
    flush();

    assertThat(observations.get(0).getErrors()).containsOnlyKeys("_OTHER", "e".repeat(100));
  }

  @Test
  void errorTypesAreBounded() {
    for (int i = 0; i < 50; i++) {
      span(Spans.failed("t" + i, lab.now).setErrorType("e" + i).build());
    }
    flush();

    assertThat(observations.get(0).getErrors()).hasSize(17).containsEntry("*", 34L);
  }

  @Test
  void operationsOverTheLimitAreCountedTogether() {
    for (int i = 0; i < BreakerIds.OPERATIONS + 10; i++) {
      span(Spans.answered("t" + i, lab.now).setOperation("GET /orders/" + i).build());
    }
    flush();

    Set<String> breakers = new HashSet<>();
    observations.forEach(each -> breakers.add(each.getBreaker()));
    assertThat(breakers).hasSize(BreakerIds.OPERATIONS + 1).contains("payments/*");
    assertThat(lab.metric("calls-over-name-limit-total")).isEqualTo(10);
  }

  @Test
  void dependenciesOverTheLimitAreCountedTogether() {
    BreakerIds ids = new BreakerIds();
    for (int i = 0; i < BreakerIds.DEPENDENCIES; i++) {
      assertThat(ids.of("d" + i, null)).isEqualTo("d" + i);
    }
    assertThat(ids.of("one more", "op")).isEqualTo("*");
    assertThat(ids.of("d7", "op")).isEqualTo("d7/op");
  }

  private Span.Builder fine() {
    return Spans.answered("a", lab.now);
  }

  @Test
  void absurdSpansGoToDeadLetters() {
    long start = fine().build().getStartEpochNanos();
    long day = Duration.ofDays(1).toNanos();
    lab.span(fine().setDurationNanos(-1).build());
    assertThat(lab.deadLetter()).contains("durationNanos: -1");
    lab.span(fine().setDurationNanos(Long.MAX_VALUE).build());
    assertThat(lab.deadLetter()).contains("durationNanos: ");
    lab.span(fine().setStartEpochNanos(0).build());
    assertThat(lab.deadLetter()).contains("startEpochNanos: 0 (expected: within a day of");
    lab.span(fine().setStartEpochNanos(Long.MAX_VALUE).build());
    assertThat(lab.deadLetter()).contains("startEpochNanos: ");
    lab.span(fine().setStartEpochNanos(start + 2 * day).build());
    assertThat(lab.deadLetter()).contains("startEpochNanos: ");
    lab.span(fine().setService(" ").build());
    assertThat(lab.deadLetter()).contains("service: \" \"");
    lab.span(fine().setDependency("d".repeat(256)).build());
    assertThat(lab.deadLetter()).contains("dependency: ");
    lab.span(fine().setOperation("o".repeat(256)).build());
    assertThat(lab.deadLetter()).contains("breaker: ");
    flush();
    assertThat(observations).isEmpty();
  }
}
