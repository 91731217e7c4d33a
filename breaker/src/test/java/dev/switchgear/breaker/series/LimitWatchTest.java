package dev.switchgear.breaker.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.switchgear.breaker.Symptom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitWatchTest {

  private static final long START = 1_700_000_000_000L;
  private static final long SAMPLE_MILLIS = 10_000;
  private static final double NONE = Double.POSITIVE_INFINITY;

  private final SeriesJudge judge = new SeriesJudge(0.01, new Limits(0.9, 1_000));
  private final List<SeriesEvent> events = new ArrayList<>();
  private long now = START;

  private void go(Measure measure, int samples, double from, double to) {
    for (int i = 0; i < samples; i++) {
      now += SAMPLE_MILLIS;
      double value = from + (to - from) * i / samples;
      events.addAll(judge.take(new SeriesSample(now, Map.of(measure, value))));
    }
  }

  private SeriesEvent.Began began() {
    assertThat(events).isNotEmpty();
    return (SeriesEvent.Began) events.get(0);
  }

  @Test
  void aLevelAtItsLimit_isSaturation_onceItHasBeenFeltLongEnough() {
    go(Measure.CPU, 6, 0.95, 0.95);
    assertThat(events).isEmpty();
    go(Measure.CPU, 10, 0.95, 0.95);

    assertThat(began().kind()).isEqualTo(Symptom.Kind.SATURATION);
    assertThat(began().value()).isEqualTo(0.95);
    assertThat(began().usual()).isEqualTo(0.9);
    assertThat(began().secondsToFull()).isInfinite();
    assertThat(began().strength()).isGreaterThanOrEqualTo(began().strengthWanted());
    assertThat(began().atMillis() - began().sinceMillis()).isGreaterThanOrEqualTo(120_000);
  }

  @Test
  void aShareThatIsBusierThanUsual_isNoSymptomBelowItsLimit() {
    go(Measure.CPU, 60, 0.1, 0.1);
    go(Measure.CPU, 60, 0.6, 0.6);

    assertThat(events).isEmpty();
  }

  @Test
  void aLevelThatWillBeFullWithinMinutes_isASymptomBefore() {
    // 0.3 % a sample: from half way to full in nearly half an hour; 3 %: in less than three
    // minutes.
    go(Measure.CPU, 100, 0.5, 0.8);
    assertThat(events).isEmpty();
    go(Measure.QUEUE_DEPTH, 5, 10, 10);
    go(Measure.QUEUE_DEPTH, 30, 10, 910);

    assertThat(began().kind()).isEqualTo(Symptom.Kind.QUEUE_GROWTH);
    assertThat(began().value()).isBetween(500.0, 800.0);
    assertThat(began().risePerSecond()).isCloseTo(3, within(0.5));
    assertThat(began().secondsToFull()).isBetween(50.0, 200.0);
  }

  @Test
  void itIsOver_onceItIsCalm_andWhenNobodyMeasuresAnyLonger() {
    go(Measure.CPU, 20, 0.95, 0.95);
    go(Measure.CPU, 20, 0.2, 0.2);
    assertThat(events).hasSize(2);
    assertThat(judge.ill(Symptom.Kind.SATURATION)).isFalse();

    go(Measure.CPU, 20, 0.95, 0.95);
    events.addAll(judge.forget(Measure.CPU, now));
    assertThat(events).hasSize(4);
    assertThat(events.get(3)).isInstanceOf(SeriesEvent.Ended.class);
    assertThat(judge.ill(Symptom.Kind.SATURATION)).isFalse();
  }

  @Test
  void anotherLimit_holdsFromNowOn() {
    judge.adopt(0.01, new Limits(0.5, NONE));
    go(Measure.CPU, 20, 0.6, 0.6);
    assertThat(began().usual()).isEqualTo(0.5);

    judge.adopt(0.01, new Limits(NONE, NONE));
    go(Measure.CPU, 20, 0.6, 0.6);
    assertThat(events).hasSize(2);
  }
}
