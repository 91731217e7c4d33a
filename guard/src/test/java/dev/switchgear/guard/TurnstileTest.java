package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TurnstileTest {

  private final Turnstile turnstile = new Turnstile();

  @Test
  void closed_nobodyIsCountedAnyMore() {
    assertThat(turnstile.enter()).isTrue();
    assertThat(turnstile.refuse()).isZero();
    turnstile.close();

    assertThat(turnstile.enter()).isFalse();
    assertThat(turnstile.refuse()).isNegative();
    assertThat(turnstile.entered()).isEqualTo(1);
    assertThat(turnstile.refused()).isEqualTo(1);
  }

  @Test
  void closedAgain_staysClosed() {
    turnstile.close();
    turnstile.close();

    assertThat(turnstile.enter()).isFalse();
    assertThat(turnstile.entered()).isZero();
  }

  @Test
  void closed_whoIsInCanStillGiveUp() {
    assertThat(turnstile.enter()).isTrue();
    turnstile.close();
    turnstile.cancel();

    assertThat(turnstile.cancelled()).isEqualTo(1);
  }
}
