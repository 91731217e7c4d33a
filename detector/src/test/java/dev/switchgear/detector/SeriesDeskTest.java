package dev.switchgear.detector;

import static dev.switchgear.detector.Observations.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.SymptomTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeriesDeskTest {

  private static final int SECOND = 1_000;

  private final Lab lab = new Lab();
  private final Random random = new Random(1);
  private long sequence;

  @AfterEach
  void close() {
    lab.close();
  }

  /** Lets time pass while an instance of checkout calls, about so often a second. */
  private void calls(int seconds, int perSecond) {
    for (int i = 0; i < seconds; i++) {
      lab.pass(Duration.ofSeconds(1));
      lab.beat("guard", "checkout-1", 0);
      call("checkout-1", perSecond, 0);
    }
  }

  private void call(String instance, int perSecond, long lateMillis) {
    int calls = perSecond == 0 ? 0 : perSecond - 2 + random.nextInt(5);
    if (calls > 0) {
      Observation.Builder observation =
          Observations.good(calls, lab.epoch(), ++sequence, lab.now - lateMillis)
              .setInstance(instance)
              .setFromMillis(lab.now - lateMillis - SECOND)
              .setIntervalMillis(SECOND);
      lab.observe(observation.build());
    }
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      lab.pass(Duration.ofSeconds(1));
    }
  }

  private SymptomState onlySymptom() {
    assertThat(lab.symptoms).hasSize(1);
    return lab.symptoms.get(0);
  }

  @Test
  void whereCallersLiveAndNobodyCalls_itIsSilent_withoutAnyFurtherInput() {
    calls(300, 20);
    assertThat(lab.symptoms).isEmpty();
    long before = lab.now;
    calls(60, 0);

    SymptomState symptom = onlySymptom();
    assertThat(symptom.getBreaker()).isEqualTo(BREAKER);
    assertThat(symptom.getKind()).isEqualTo(SymptomKind.SILENCE);
    assertThat(symptom.getMeasure()).isEqualTo("calls_per_second");
    assertThat(symptom.getValue()).isLessThan(1);
    assertThat(symptom.getUsual()).isBetween(19.0, 21.0);
    assertThat(symptom.getStrength()).isGreaterThanOrEqualTo(symptom.getStrengthWanted());
    assertThat(symptom.getSinceMillis()).isBetween(before - 10_000, before + 10_000);
    assertThat(symptom.getSeenAtMillis()).isLessThanOrEqualTo(before + 50_000);
    assertThat(symptom.getCallers()).containsExactly("checkout");
    assertThat(symptom.getReason()).contains("silence: calls per second is").contains("usual is ");
    assertThat(lab.transitions).isEmpty();
  }

  @Test
  void whenTheyCallAgain_itIsOver() {
    calls(300, 20);
    calls(60, 0);
    calls(240, 20);

    assertThat(lab.symptoms).hasSize(2);
    assertThat(lab.symptoms.get(1).getUntilMillis()).isGreaterThan(0);
    assertThat(lab.kept(DetectorTopology.FELT_SYMPTOMS)).isEmpty();
  }

  @Test
  void farFewerCalls_areADropOfThroughput() {
    calls(300, 20);
    calls(90, 6);

    assertThat(onlySymptom().getKind()).isEqualTo(SymptomKind.THROUGHPUT_DROP);
  }

  @Test
  void whereTheCallersAreNoLongerSeen_nothingIsSaid() {
    calls(300, 20);
    pass(1_200);

    assertThat(lab.symptoms).isEmpty();
  }

  @Test
  void whereTheCallersDropWhatTheyWouldTell_nothingIsSaid() {
    calls(300, 20);
    for (int i = 1; i <= 120; i++) {
      pass(1);
      lab.beat("guard", "checkout-1", i);
    }

    assertThat(lab.symptoms).isEmpty();
  }

  @Test
  void whereAnotherInstanceTakesOver_nothingIsMissing() {
    calls(300, 20);
    for (int i = 0; i < 300; i++) {
      pass(1);
      lab.beat("guard", "checkout-2", 0);
      call("checkout-2", 20, 0);
    }

    assertThat(lab.symptoms).isEmpty();
  }

  @Test
  void whereOnlySomeCallersAreSeen_theOthersAreTakenToCallAsUsual() {
    for (int i = 0; i < 300; i++) {
      calls(1, 20);
      lab.beat("guard", "checkout-2", 0);
      call("checkout-2", 12, 0);
      lab.beat("guard", "checkout-3", 0);
      call("checkout-3", 12, 0);
    }
    calls(600, 20);

    assertThat(lab.symptoms).isEmpty();
  }

  @Test
  void whileTheDetectorLagsBehind_nothingIsSaid() {
    calls(300, 20);
    for (int i = 0; i < 120; i++) {
      pass(1);
      lab.beat("guard", "checkout-1", 0);
      call("checkout-1", 5, 60_000);
    }

    assertThat(lab.symptoms).isEmpty();
  }

  @Test
  void aCallerWhoseClockIsAhead_isCountedNow_andHidesNobodysCalls() {
    for (int i = 0; i < 300; i++) {
      calls(1, 20);
      lab.beat("guard", "checkout-2", 0);
      call("checkout-2", 20, -600_000);
    }
    assertThat(lab.symptoms).isEmpty();
    for (int i = 0; i < 60; i++) {
      calls(1, 0);
      lab.beat("guard", "checkout-2", 0);
    }
    assertThat(onlySymptom().getKind()).isEqualTo(SymptomKind.SILENCE);
    assertThat(onlySymptom().getUsual()).isBetween(38.0, 42.0);
  }

  @Test
  void whereEveryBreakerFallsSilentAtOnce_nobodyIsHeard() {
    callAll(300, List.of("a", "b", "c", "d"));
    callAll(120, List.of());
    assertThat(lab.symptoms).isEmpty();

    callAll(120, List.of("b", "c", "d"));
    assertThat(onlySymptom().getBreaker()).isEqualTo("a");
  }

  private void callAll(int seconds, List<String> breakers) {
    for (int i = 0; i < seconds; i++) {
      pass(1);
      lab.beat("guard", "checkout-1", 0);
      for (String breaker : breakers) {
        lab.observe(
            Observations.good(9, 0, ++sequence, lab.now)
                .setBreaker(breaker)
                .setFromMillis(lab.now - SECOND)
                .setIntervalMillis(SECOND)
                .build());
      }
    }
  }

  @Test
  void aCallerWithoutHeartbeats_isSeenAsLongAsItTellsOfAnythingElse() {
    for (int i = 0; i < 360; i++) {
      pass(1);
      if (i < 300) {
        call("checkout-1", 20, 0);
      }
      lab.observe(
          Observations.good(5, 0, ++sequence, lab.now)
              .setBreaker("search")
              .setFromMillis(lab.now - SECOND)
              .setIntervalMillis(SECOND)
              .build());
    }

    assertThat(onlySymptom().getBreaker()).isEqualTo(BREAKER);
  }

  @Test
  void aServiceThatExportsThatItCallsNobody_isSeen() {
    long counted = 1_000;
    for (int i = 0; i < 60; i++) {
      pass(10);
      counted += 190 + random.nextInt(20);
      lab.metric(MetricPoints.callsSince(Lab.START, lab.now, counted).build());
    }
    assertThat(lab.symptoms).isEmpty();
    for (int i = 0; i < 12; i++) {
      pass(10);
      lab.metric(MetricPoints.callsSince(Lab.START, lab.now, counted).build());
    }

    assertThat(onlySymptom().getKind()).isEqualTo(SymptomKind.SILENCE);
    assertThat(onlySymptom().getUsual()).isBetween(19.0, 21.0);
  }

  @Test
  void whereThePolicyOpensForIt_theBreakerOpens_withTheMeasureAsEvidence() {
    lab.policy("*", 1, "silence: { opens: true }");
    calls(300, 20);
    calls(60, 0);

    assertThat(lab.state()).isNotEqualTo(State.CLOSED);
    BreakerTransition opened = lab.transitions.get(0);
    assertThat(opened.getTo()).isEqualTo(State.OPEN);
    assertThat(opened.getSymptom()).isEqualTo(SymptomKind.SILENCE);
    assertThat(opened.getReason()).startsWith("silence: calls per second is");
    assertThat(opened.getEvidence().getTest()).isEqualTo(SymptomTest.SERIES);
    assertThat(opened.getEvidence().getMeasure()).isEqualTo("calls_per_second");
    assertThat(opened.getEvidence().getUsual()).isBetween(19.0, 21.0);
    assertThat(onlySymptom().getKind()).isEqualTo(SymptomKind.SILENCE);
  }

  @Test
  void whatThePolicyDoesNotWatch_isNotSaid_andNoLonger() {
    calls(300, 20);
    calls(60, 0);
    lab.policy("*", 1, "silence: { watched: false }");
    calls(20, 0);

    assertThat(lab.symptoms).hasSize(2);
    assertThat(lab.symptoms.get(1).getUntilMillis()).isGreaterThan(0);
  }

  @Test
  void aProcessorAtItsLimit_isSaturationOfItsService_andOpensNothing() {
    callsOfPayments();
    busy(30, "jvm.cpu.recent_utilization", 0.4, 0.4);
    assertThat(lab.symptoms).isEmpty();
    busy(30, "jvm.cpu.recent_utilization", 0.97, 0.97);

    SymptomState symptom = onlySymptom();
    assertThat(symptom.getBreaker()).isEqualTo("payments");
    assertThat(symptom.getKind()).isEqualTo(SymptomKind.SATURATION);
    assertThat(symptom.getMeasure()).isEqualTo("cpu");
    assertThat(symptom.getValue()).isEqualTo(0.97);
    assertThat(symptom.getUsual()).isEqualTo(0.9);
    assertThat(symptom.getCallers()).containsExactly("checkout");
    assertThat(lab.transitions).isEmpty();
  }

  @Test
  void whereThePolicyOpensForSaturation_theBreakerOfTheServiceOpens() {
    lab.policy("payments", 1, "saturation: { limit: 0.8, opens: true }");
    callsOfPayments();
    busy(30, "process.cpu.utilization", 0.85, 0.85);

    assertThat(lab.transitions).isNotEmpty();
    BreakerTransition opened = lab.transitions.get(0);
    assertThat(opened.getBreaker()).isEqualTo("payments");
    assertThat(opened.getSymptom()).isEqualTo(SymptomKind.SATURATION);
    assertThat(opened.getReason()).contains("cpu is 0.85, the limit is 0.8");
  }

  @Test
  void aQueueThatGrows_saysWhenItIsFull() {
    lab.policy("*", 1, "queue: { limit: 10000 }");
    busy(30, "switchgear.queue.depth", 90, 110);
    busy(30, "switchgear.queue.depth", 100, 6_100);

    SymptomState symptom = onlySymptom();
    assertThat(symptom.getKind()).isEqualTo(SymptomKind.QUEUE_GROWTH);
    assertThat(symptom.getMeasure()).isEqualTo("queue_depth");
    assertThat(symptom.getRisePerSecond()).isBetween(0.5, 25.0);
    assertThat(symptom.getSecondsToFull()).isBetween(100.0, 20_000.0);
    assertThat(symptom.getReason()).contains("full in");
  }

  @Test
  void aLevelThatNobodyMeasuresAnyLonger_isNoSymptomAnyLonger() {
    busy(60, "jvm.cpu.recent_utilization", 0.97, 0.97);
    pass(700);

    assertThat(lab.symptoms).hasSize(2);
    assertThat(lab.symptoms.get(1).getUntilMillis()).isGreaterThan(0);
  }

  @Test
  void whatIsUsual_isKept() {
    calls(300, 20);

    assertThat(lab.kept(DetectorTopology.SERIES)).containsKey(BREAKER);
  }

  private void callsOfPayments() {
    lab.beat("guard", "checkout-1", 0);
    for (int i = 0; i < 15; i++) {
      pass(1);
      lab.observe(Observations.good(9, 0, ++sequence, lab.now).setBreaker("payments").build());
    }
  }

  /** Payments, of two instances, exports a gauge every ten seconds. */
  private void busy(int exports, String gauge, double from, double to) {
    for (int i = 0; i < exports; i++) {
      pass(10);
      double value = from + (to - from) * i / exports;
      for (String instance : List.of("payments-1", "payments-2")) {
        MetricPoint.Builder point = MetricPoints.gauge(gauge, lab.now, value);
        lab.metric(
            point
                .setService("payments")
                .setInstance(instance)
                .setValue(gauge.contains("queue") ? value / 2 : value)
                .setAttributes(Map.of())
                .build());
      }
    }
  }
}
