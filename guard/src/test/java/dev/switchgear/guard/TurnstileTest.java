package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnstileTest {

  private static final long LATER = TimeUnit.MILLISECONDS.toNanos(250);

  private final Turnstile turnstile = new Turnstile();

  @Test
  void shutAndNobodyCame_isLeft_andNobodyIsCountedAnyMore() {
    assertThat(turnstile.enter()).isTrue();
    assertThat(turnstile.refuse()).isNotNegative();
    turnstile.shut(0);

    assertThat(turnstile.leave(LATER, 1, 1)).isTrue();
    assertThat(turnstile.enter()).isFalse();
    assertThat(turnstile.refuse()).isEqualTo(Turnstile.LEFT);
  }

  @Test
  void shutAndSomebodyCame_staysAndCountsThem() {
    turnstile.shut(0);
    assertThat(turnstile.enter()).isTrue();

    assertThat(turnstile.leave(LATER, 0, 0)).isFalse();
    assertThat(turnstile.leave(LATER, 1, 0)).isFalse();
    turnstile.shut(LATER);
    assertThat(turnstile.leave(2 * LATER, 1, 0)).isTrue();
  }

  @Test
  void shutAndSomebodyWasTurnedAway_stays() {
    turnstile.shut(0);
    assertThat(turnstile.refuse()).isNotNegative();

    assertThat(turnstile.leave(LATER, 0, 1)).isFalse();
    assertThat(turnstile.refused()).isEqualTo(1);
  }

  @Test
  void shutButNotAllIsRead_stays() {
    assertThat(turnstile.enter()).isTrue();
    assertThat(turnstile.refuse()).isNotNegative();
    turnstile.shut(0);

    assertThat(turnstile.leave(LATER, 0, 1)).isFalse();
    assertThat(turnstile.leave(LATER, 1, 0)).isFalse();
    assertThat(turnstile.leave(LATER, 1, 1)).isTrue();
  }

  @Test
  void shutThisMoment_isNotLeftYet_forSomethingMayNotBeSeen() {
    turnstile.shut(0);
    assertThat(turnstile.leave(0, 0, 0)).isFalse();

    turnstile.shut(LATER - 1);
    assertThat(turnstile.leave(LATER, 0, 0)).isTrue();
  }

  @Test
  void notShut_isNotLeft() {
    assertThat(turnstile.leave(LATER, 0, 0)).isFalse();
    assertThat(turnstile.enter()).isTrue();
  }

  @Test
  void left_staysLeft() {
    turnstile.leave();
    turnstile.shut(0);

    assertThat(turnstile.enter()).isFalse();
    assertThat(turnstile.leave(LATER, 7, 7)).isTrue();
  }

  @Test
  void left_whoIsInCanStillGiveUp() {
    assertThat(turnstile.enter()).isTrue();
    turnstile.leave();
    turnstile.cancel();

    assertThat(turnstile.cancelled()).isEqualTo(1);
  }
}
