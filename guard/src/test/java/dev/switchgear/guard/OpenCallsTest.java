package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenCallsTest {

  private static final long MILLI = 1_000_000;

  private final OpenCalls open = new OpenCalls(0);

  @Test
  void nothingFinishes_theAgeGrows() {
    open.read(250 * MILLI, 11, finished(0, 0), 0);
    for (int i = 2; i <= 40; i++) {
      open.read(i * 250L * MILLI, 10, finished(0, 0), 0);
    }

    assertThat(open.oldestMillis(40 * 250L * MILLI)).isEqualTo(9_750);
  }

  @Test
  void finishedBeforeTheirAdmissionWasRead_areSettledLater() {
    open.read(250 * MILLI, 0, finished(3, 5 * MILLI), 0);
    open.read(500 * MILLI, 3, finished(0, 0), 0);

    assertThat(open.oldestMillis(60_000 * MILLI)).isZero();
  }

  @Test
  void longCallsFinishing_areTakenFromTheTimeTheyWereAdmitted() {
    open.read(250 * MILLI, 5, finished(0, 0), 0);
    open.read(500 * MILLI, 5, finished(0, 0), 0);
    open.read(2_000 * MILLI, 0, finished(5, 1_800 * MILLI), 0);

    assertThat(open.oldestMillis(2_000 * MILLI)).isEqualTo(1_500);
  }

  @Test
  void allFinishedOrGivenUp_nothingIsOld() {
    open.read(250 * MILLI, 3, finished(1, 100 * MILLI), 0);
    open.read(500 * MILLI, 0, finished(1, 400 * MILLI), 1);

    assertThat(open.oldestMillis(60_000 * MILLI)).isZero();
  }

  /** Nobody knows which: to take the oldest never makes the age too long. */
  @Test
  void callsThatNobodyTimed_areTakenFromTheOldest_afterThoseThatSayWhenTheyBegan() {
    open.read(250 * MILLI, 5, finished(0, 0), 0);
    open.read(500 * MILLI, 5, finished(0, 0), 0);
    long[] finished = finished(5, 10 * MILLI);
    finished[LatencyIndex.UNTIMED] = 4;
    open.read(750 * MILLI, 5, finished, 0);
    assertThat(open.oldestMillis(750 * MILLI)).isEqualTo(500);

    finished = finished(0, 0);
    finished[LatencyIndex.UNTIMED] = 6;
    open.read(1_000 * MILLI, 0, finished, 0);
    assertThat(open.oldestMillis(1_000 * MILLI)).isZero();
  }

  @Test
  void anElapsedTimeThatCannotBe_stillEndsACall() {
    open.read(250 * MILLI, 1, finished(0, 0), 0);
    open.read(10_000 * MILLI, 0, finished(1, 1), 0);

    assertThat(open.oldestMillis(10_000 * MILLI)).isZero();
  }

  @Test
  void afterManyReadings_everyCallIsStillAccountedFor() {
    for (int i = 1; i <= 1_000; i++) {
      open.read(i * 250L * MILLI, 1, finished(0, 0), 0);
    }
    assertThat(open.oldestMillis(1_000 * 250L * MILLI)).isBetween(59_000L, 60_000L);

    open.read(1_001 * 250L * MILLI, 0, finished(1_000, 1_000 * MILLI), 0);
    assertThat(open.oldestMillis(1_001 * 250L * MILLI)).isZero();
  }

  private static long[] finished(long calls, long elapsedNanos) {
    long[] finished = new long[LatencyIndex.SLOTS];
    finished[LatencyIndex.slot(elapsedNanos)] = calls;
    return finished;
  }
}
