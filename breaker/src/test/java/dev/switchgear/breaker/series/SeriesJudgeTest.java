package dev.switchgear.breaker.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.breaker.Symptom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeriesJudgeTest {

  private static final long START = 1_700_000_000_000L;
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 3_600_000;
  private static final long DAY = 86_400_000;

  private final SeriesJudge judge = new SeriesJudge(0.001);
  private final Random random = new Random(1);
  private final List<SeriesEvent> events = new ArrayList<>();
  private long now = START;

  @Test
  void latencyThatTriplesAndStays_isSlowness_withinAMinute() {
    go(Measure.LATENCY_P50, 100, 15 * SECOND, HOUR);
    long before = now;
    go(Measure.LATENCY_P50, 300, 15 * SECOND, 5 * MINUTE);

    assertThat(began()).singleElement().satisfies(began -> isSlowness(began, before));
  }

  @Test
  void andItIsOver_onceItIsCalmAgain() {
    go(Measure.LATENCY_P50, 100, 15 * SECOND, HOUR);
    go(Measure.LATENCY_P50, 300, 15 * SECOND, 5 * MINUTE);
    long healed = now;
    go(Measure.LATENCY_P50, 100, 15 * SECOND, HOUR);

    assertThat(ended())
        .singleElement()
        .satisfies(
            ended -> {
              assertThat(ended.untilMillis()).isBetween(healed - MINUTE, healed + MINUTE);
              assertThat(ended.newNormal()).isFalse();
            });
    assertThat(judge.ill(Symptom.Kind.SLOWNESS)).isFalse();
  }

  @Test
  void aBlipThatIsOverBeforeAnybodyLooks_isNoSymptom() {
    go(Measure.LATENCY_P50, 100, SECOND, 10 * MINUTE);
    go(Measure.LATENCY_P50, 2_000, SECOND, 5 * SECOND);
    go(Measure.LATENCY_P50, 100, SECOND, 10 * MINUTE);

    assertThat(events).isEmpty();
  }

  @Test
  void latencyThatNobodyFeels_isNoSymptom_howeverFarFromUsual() {
    go(Measure.LATENCY_P50, 1, 15 * SECOND, HOUR);
    go(Measure.LATENCY_P50, 8, 15 * SECOND, HOUR);

    assertThat(events).isEmpty();
  }

  @Test
  void beforeAnythingIsKnownToBeUsual_nothingIsUnusual() {
    go(Measure.LATENCY_P50, 100, 15 * SECOND, MINUTE);
    go(Measure.LATENCY_P50, 900, 15 * SECOND, MINUTE);

    assertThat(events).isEmpty();
  }

  @Test
  void failingCalls_areASymptom_afterTenSeconds() {
    go(Measure.ERROR_SHARE, 0.001, SECOND, 10 * MINUTE);
    long before = now;
    go(Measure.ERROR_SHARE, 0.6, SECOND, MINUTE);

    assertThat(began())
        .singleElement()
        .satisfies(
            began -> {
              assertThat(began.kind()).isEqualTo(Symptom.Kind.ERRORS);
              assertThat(began.atMillis() - before).isBetween(5 * SECOND, 20 * SECOND);
            });
  }

  @Test
  void errorsThatAreAlwaysThere_areUsual_untilTheyAreMore() {
    go(Measure.ERROR_SHARE, 0.2, 15 * SECOND, 6 * HOUR);
    assertThat(events).isEmpty();

    go(Measure.ERROR_SHARE, 0.7, 15 * SECOND, 5 * MINUTE);
    assertThat(began()).hasSize(1);
  }

  @Test
  void callsThatNoLongerCome_areSilence() {
    go(Measure.CALLS_PER_SECOND, 40, 15 * SECOND, HOUR);
    go(Measure.CALLS_PER_SECOND, 0, 15 * SECOND, 2 * MINUTE);

    assertThat(began())
        .singleElement()
        .satisfies(began -> assertThat(began.kind()).isEqualTo(Symptom.Kind.SILENCE));
  }

  @Test
  void aThirdOfTheCalls_isADrop() {
    go(Measure.CALLS_PER_SECOND, 40, 15 * SECOND, HOUR);
    go(Measure.CALLS_PER_SECOND, 13, 15 * SECOND, 5 * MINUTE);

    assertThat(began())
        .singleElement()
        .satisfies(began -> assertThat(began.kind()).isEqualTo(Symptom.Kind.THROUGHPUT_DROP));
  }

  @Test
  void whereHardlyAnybodyCalls_aQuietMinuteIsNoSilence() {
    for (int i = 0; i < 4 * 60 * 24; i++) {
      take(Measure.CALLS_PER_SECOND, random.nextInt(8) == 0 ? 1 / 15.0 : 0, 15 * SECOND);
    }

    assertThat(events).isEmpty();
  }

  @Test
  void aNightLikeEveryNight_isNoDrop() {
    for (int day = 0; day < 10; day++) {
      go(Measure.CALLS_PER_SECOND, 50, MINUTE, 16 * HOUR);
      go(Measure.CALLS_PER_SECOND, 10, MINUTE, 8 * HOUR);
    }

    assertThat(began()).as("the first night is news").hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void aBatchThatSlowsThingsDownAtTheSameTimeEveryDay_isNoSymptom_fromTheSecondTimeOn() {
    for (int day = 0; day < 5; day++) {
      go(Measure.LATENCY_P90, 100, MINUTE, 20 * HOUR);
      go(Measure.LATENCY_P90, 400, MINUTE, 4 * HOUR);
    }

    assertThat(began()).as("news on the first days").hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void whatHasLastedForHalfADay_isHowItIsNow() {
    go(Measure.MEMORY, 1e9, MINUTE, 6 * HOUR);
    go(Measure.MEMORY, 3e9, MINUTE, DAY);

    assertThat(ended()).singleElement().satisfies(ended -> assertThat(ended.newNormal()).isTrue());
    assertThat(judge.ill(Symptom.Kind.SATURATION)).isFalse();
  }

  @Test
  void whatIsNotMeasured_saysNothing() {
    go(Measure.CALLS_PER_SECOND, 40, 15 * SECOND, HOUR);
    now += 30 * MINUTE;
    go(Measure.CALLS_PER_SECOND, 40, 15 * SECOND, HOUR);

    assertThat(events).isEmpty();
  }

  @Test
  void severalMeasuresOfOneSymptom_areOneSymptom() {
    for (int i = 0; i < 240; i++) {
      latencies(100);
    }
    for (int i = 0; i < 20; i++) {
      latencies(700);
    }
    for (int i = 0; i < 60; i++) {
      latencies(100);
    }

    assertThat(began()).hasSize(1);
    assertThat(ended()).hasSize(1);
  }

  @Test
  void aSampleThatIsNotNewer_isLeftOut() {
    go(Measure.LATENCY_P50, 100, 15 * SECOND, HOUR);
    for (int i = 0; i < 1_000; i++) {
      events.addAll(judge.take(new SeriesSample(now, Map.of(Measure.LATENCY_P50, 9_000.0))));
    }

    assertThat(events).isEmpty();
  }

  @Test
  void absurdValues_areRefused() {
    assertThatThrownBy(() -> new SeriesSample(0, Map.of(Measure.ERROR_SHARE, 1.5)))
        .hasMessage("ERROR_SHARE: 1.5 (expected: 0..1)");
    assertThatThrownBy(() -> new SeriesSample(0, Map.of(Measure.CPU, Double.NaN)))
        .hasMessage("CPU: NaN (expected: 0..a finite number)");
    assertThatThrownBy(() -> new SeriesJudge(0))
        .hasMessage("falseAlarmsPerDay: 0.0 (expected: more than 0, at most 10)");
  }

  private static void isSlowness(SeriesEvent.Began began, long before) {
    assertThat(began.kind()).isEqualTo(Symptom.Kind.SLOWNESS);
    assertThat(began.atMillis() - before).isBetween(15 * SECOND, MINUTE);
    assertThat(began.sinceMillis()).isBetween(before - MINUTE, began.atMillis());
    assertThat(began.usual()).isBetween(90.0, 110.0);
    assertThat(began.value()).isBetween(250.0, 350.0);
    assertThat(began.strength()).isGreaterThanOrEqualTo(began.strengthWanted());
  }

  private void latencies(double millis) {
    now += 15 * SECOND;
    events.addAll(
        judge.take(
            new SeriesSample(
                now,
                Map.of(
                    Measure.LATENCY_P50, scattered(millis),
                    Measure.LATENCY_P90, scattered(2 * millis),
                    Measure.LATENCY_P99, scattered(5 * millis)))));
  }

  private void go(Measure measure, double level, long intervalMillis, long millis) {
    for (long passed = 0; passed < millis; passed += intervalMillis) {
      take(measure, scattered(level), intervalMillis);
    }
  }

  private void take(Measure measure, double value, long intervalMillis) {
    now += intervalMillis;
    events.addAll(judge.take(new SeriesSample(now, Map.of(measure, value))));
  }

  private double scattered(double level) {
    return level * Math.exp(0.05 * random.nextGaussian());
  }

  private List<SeriesEvent.Began> began() {
    return events.stream()
        .filter(SeriesEvent.Began.class::isInstance)
        .map(SeriesEvent.Began.class::cast)
        .toList();
  }

  private List<SeriesEvent.Ended> ended() {
    return events.stream()
        .filter(SeriesEvent.Ended.class::isInstance)
        .map(SeriesEvent.Ended.class::cast)
        .toList();
  }
}
