package dev.switchgear.gamedays.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficTest {

  private long nowNanos = -5;
  private final Traffic traffic = new Traffic(() -> nowNanos);

  private void record(long millis, boolean failed) {
    traffic.record(TimeUnit.MILLISECONDS.toNanos(millis), failed);
  }

  @Test
  void withoutCallsAllNumbersAreZero() {
    assertThat(traffic.window()).isEqualTo(new Traffic.Window(0, 0, 0));
  }

  @Test
  void theWindowHoldsRateErrorsAndThePercentile() {
    for (int i = 1; i <= 200; i++) {
      record(i, i % 4 == 0);
    }

    assertThat(traffic.window()).isEqualTo(new Traffic.Window(100, 0.25, 198));
  }

  @Test
  void callsOlderThanTwoSecondsCountNoMore() {
    record(7, true);
    nowNanos += TimeUnit.SECONDS.toNanos(1);
    record(3, false);
    nowNanos += TimeUnit.SECONDS.toNanos(1) + 1;

    assertThat(traffic.window()).isEqualTo(new Traffic.Window(0.5, 0, 3));
  }
}
