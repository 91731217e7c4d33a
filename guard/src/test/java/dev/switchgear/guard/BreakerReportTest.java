package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With Kafka's own producer for tests, because the order of acknowledgements matters here. */
class BreakerReportTest {

  private final MockProducer<String, byte[]> kafka =
      new MockProducer<>(
          false, new RoundRobinPartitioner(), new StringSerializer(), new ByteArraySerializer());
  private final Gate gate = States.gate();
  private final BreakerReport report =
      new BreakerReport(
          gate,
          new Identity("checkout", "checkout-1", null, null, null, 1),
          new Telemetry(() -> kafka, Records.builtInOnly()),
          Sampling.EVERY_CALL,
          at(0));

  @Test
  void whileOneIsUnderWay_theNextIsSummedOn() {
    answer(1);
    report.tick(at(1));
    answer(2);
    report.tick(at(2));
    answer(3);
    report.tick(at(3));
    assertThat(sent()).extracting(Observation::getCalls).containsExactly(1L);
    assertThat(report.deferred()).isEqualTo(2);

    kafka.completeNext();
    report.tick(at(4));
    assertThat(sent()).extracting(Observation::getCalls).containsExactly(1L, 5L);
    assertThat(sent()).extracting(Observation::getSequence).containsExactly(1L, 2L);
  }

  @Test
  void whenAnAcknowledgementFails_theVerySameIsSentAgain() {
    answer(1);
    report.tick(at(1));
    answer(1);
    kafka.errorNext(new TimeoutException());
    report.tick(at(2));

    assertThat(sent()).hasSize(2).containsOnly(sent().get(0));
    assertThat(report.isFlushed()).isFalse();

    kafka.completeNext();
    report.tick(at(3));
    kafka.completeNext();
    assertThat(report.isFlushed()).isTrue();
    assertThat(sent()).extracting(Observation::getSequence).containsExactly(1L, 1L, 2L);
  }

  @Test
  void anEndedEpoch_isToldApartAndThenForgotten() {
    Permit old = (Permit) gate.admit();
    gate.obey(States.closed(1));
    answer(1);
    report.tick(at(1));
    old.success(5);
    assertThat(sent()).extracting(Observation::getEpoch).containsExactly(0L, 1L);
    assertThat(sent()).extracting(Observation::getInFlight).containsExactly(1, 0);

    completeAll();
    report.tick(at(2));
    completeAll();
    report.tick(at(3));
    report.tick(at(4));
    assertThat(sent()).extracting(Observation::getEpoch).containsExactly(0L, 1L, 0L);
    assertThat(gate.tallies()).extracting(Tally::epoch).containsExactly(1L);

    assertThat(old.tally().turnstile().refuse()).isEqualTo(Turnstile.LEFT);
    report.tick(at(5));
    assertThat(gate.counts().refusals()).isZero();
    assertThat(report.dropped()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"HELD_CLOSED", "SHADOW"})
  void heldClosedOrShadow_isAnEpochLikeAnyOther(State held) {
    gate.obey(States.state(held, 7, 0));
    answer(3);
    ((Permit) gate.admit()).failure("IOException", 1_000);
    report.tick(at(1));

    assertThat(sent()).hasSize(1);
    Observation told = sent().get(0);
    assertThat(told.getEpoch()).isEqualTo(7);
    assertThat(told.getCalls()).isEqualTo(4);
    assertThat(told.getErrors()).isEqualTo(Map.of("IOException", 1L));
    assertThat(told.getRefusals()).isZero();
  }

  @Test
  void countsOfAnEpochTooLongAgo_areDroppedAndCounted() {
    answer(1);
    report.tick(at(1));
    answer(1);
    report.tick(at(2));
    for (long epoch = 1; epoch <= Gate.PAST_EPOCHS + 1; epoch++) {
      gate.obey(States.closed(epoch));
    }
    report.tick(at(3));

    assertThat(report.dropped()).isEqualTo(1);
  }

  @Test
  void flushing_tellsCountsButNoLongerOfRunningCalls() {
    ((Permit) gate.admit()).success(5);
    gate.admit();
    report.flush(at(1));
    completeAll();
    report.flush(at(2));

    assertThat(sent()).extracting(Observation::getCalls).containsExactly(1L);
    assertThat(report.isFlushed()).isTrue();
  }

  @Test
  void nothingHappened_nothingIsSent() {
    report.tick(at(1));

    assertThat(sent()).isEmpty();
    assertThat(report.isFlushed()).isTrue();
  }

  private void answer(int calls) {
    for (int i = 0; i < calls; i++) {
      ((Permit) gate.admit()).success(1_000);
    }
  }

  private void completeAll() {
    while (kafka.completeNext()) {}
  }

  private List<Observation> sent() {
    var deserializer = Records.builtInOnly().deserializer(Observation.class);
    return kafka.history().stream()
        .map(each -> deserializer.deserialize(each.topic(), each.value()))
        .toList();
  }

  private static Reading at(long quarter) {
    return new Reading(quarter * 250, quarter * 250_000_000);
  }
}
