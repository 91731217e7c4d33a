package dev.switchgear.schemas.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThreadDeathsTest {

  private final ThreadDeaths deaths = new ThreadDeaths();

  @Test
  void tenInTenMinutesAreBearable_oneMoreIsNot() {
    for (int i = 0; i < ThreadDeaths.BEARABLE; i++) {
      assertThat(deaths.isBearable(i)).isTrue();
    }
    assertThat(deaths.isBearable(ThreadDeaths.BEARABLE)).isFalse();
  }

  @Test
  void whatWasLongAgoIsForgotten() {
    for (int i = 0; i < ThreadDeaths.BEARABLE; i++) {
      assertThat(deaths.isBearable(i)).isTrue();
    }
    assertThat(deaths.isBearable(ThreadDeaths.WITHIN.toNanos() + ThreadDeaths.BEARABLE)).isTrue();
  }

  @Test
  void aClockThatBeganBelowZeroChangesNothing() {
    long start = Long.MAX_VALUE - 1;
    assertThat(deaths.isBearable(start)).isTrue();
    assertThat(deaths.isBearable(start + 2)).isTrue();
  }
}
