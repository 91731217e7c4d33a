package dev.switchgear.benchmarks.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SwitchgearCallsIT {

  private static Fleet fleet;
  private static SwitchgearCalls calls;
  private static TimedSwitchgearCalls timed;

  @BeforeAll
  static void connect() throws IOException, InterruptedException {
    fleet = Fleet.start();
    System.setProperty(Fleet.ADDRESS, fleet.bootstrapServers());
    calls = new SwitchgearCalls();
    calls.awaitReady();
    timed = new TimedSwitchgearCalls();
    timed.awaitReady();
  }

  @AfterAll
  static void close() throws IOException {
    System.clearProperty(Fleet.ADDRESS);
    calls.close();
    timed.close();
    fleet.close();
  }

  @Test
  void aClosedBreakerLetsCallsThrough() throws Exception {
    assertThat(calls.closed()).isEqualTo(Dependency.ANSWER);
    assertThat(calls.closedAdmit()).isEqualTo(Dependency.ANSWER);
    assertThat(calls.composed()).isEqualTo(Dependency.ANSWER);
    assertThat(calls.composedAdmit()).isEqualTo(Dependency.ANSWER);
    assertThat(timed.closed()).isEqualTo(Dependency.ANSWER);
    assertThat(timed.composed()).isEqualTo(Dependency.ANSWER);
  }

  @Test
  void anOpenBreakerRefuses() throws Exception {
    assertThat(calls.open()).isEqualTo(Dependency.FALLBACK);
    assertThat(calls.openAdmit()).isEqualTo(Dependency.FALLBACK);
  }

  @Test
  void everyOtherCallFails() throws Exception {
    Turns turns = new Turns();
    assertThat(calls.failing(turns)).isEqualTo(Dependency.FALLBACK);
    assertThat(calls.failing(turns)).isEqualTo(Dependency.ANSWER);
    assertThat(calls.failingAdmit(turns)).isEqualTo(Dependency.FALLBACK);
    assertThat(calls.failingAdmit(turns)).isEqualTo(Dependency.ANSWER);
    assertThat(timed.failing(turns)).isEqualTo(Dependency.FALLBACK);
    assertThat(timed.failing(turns)).isEqualTo(Dependency.ANSWER);
  }
}
