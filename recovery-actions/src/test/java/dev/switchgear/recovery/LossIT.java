package dev.switchgear.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.ReplayResult;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.testing.Eventually;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** What happens to parked work when instances go, come back, and lose what they knew. */
class LossIT extends RecoveryScene {

  @Test
  void afterARestart_whatWasInFlightIsNotReleasedAgainAndTheRestGoesOn() throws Exception {
    try (RecoveryActions recovery = start("state");
        Switchgear gear = connect()) {
      assertThat(recovery.awaitRunning(BOUND)).isTrue();
      orders.park(gear, 4, 5);
      awaitQueue(state -> state.getInFlight() == 4);
    }
    try (RecoveryActions recovery = start("state");
        Switchgear gear = connect()) {
      assertThat(recovery.awaitRunning(BOUND)).isTrue();
      gear.replay(queue, breaker, orders::done);
      awaitEmpty(20);
      orders.assertEachDoneOnceInTurn();
    }
    orders.assertEachReleasedOnce();
  }

  @Test
  void afterEverythingIsLost_nothingIsLostNorDoneTwiceAndTheOrderIsKept() throws Exception {
    try (RecoveryActions recovery = start("state");
        Switchgear gear = connect()) {
      assertThat(recovery.awaitRunning(BOUND)).isTrue();
      AtomicInteger taken = new AtomicInteger();
      orders.park(gear, 6, 6);
      gear.replay(
          queue,
          breaker,
          work -> taken.incrementAndGet() <= 12 ? orders.done(work) : ReplayResult.DEFERRED);
      Eventually.holds("some are done", () -> taken.get() > 12);
    }
    // Outcomes that nobody has read yet, and items in flight, are there by now.
    Set<String> lost = deleteOwnTopics();
    assertThat(lost).anyMatch(name -> name.endsWith("-changelog"));
    application = application + "-again";

    try (RecoveryActions recovery = start("another-state");
        Switchgear gear = connect()) {
      assertThat(recovery.awaitRunning(BOUND)).isTrue();
      gear.replay(queue, breaker, orders::done);
      awaitQueue(state -> state.getParked() == 0);
      orders.awaitFinished();
      orders.assertEachDoneOnceInTurn();
    }
    Map<String, Integer> releases = new HashMap<>();
    for (ParkedWork each : orders.releases()) {
      Integer before = releases.put(each.getItemId(), each.getAttempt());
      assertThat(each.getAttempt()).isGreaterThan(before == null ? 0 : before);
    }
  }

  @Test
  void whenOnlyTheStateIsLost_theStreamGoesOnWhereTheTopicsLeadTo() throws Exception {
    try (RecoveryActions recovery = start("state");
        Switchgear gear = connect()) {
      assertThat(recovery.awaitRunning(BOUND)).isTrue();
      orders.park(gear, 4, 4);
      awaitQueue(state -> state.getInFlight() == 4);
    }
    deleteOwnTopics();

    try (RecoveryActions recovery = start("another-state");
        Switchgear gear = connect()) {
      assertThat(recovery.awaitRunning(BOUND)).isTrue();
      gear.replay(queue, breaker, orders::done);
      orders.awaitFinished();
      orders.assertEachDoneOnceInTurn();
    }
    orders.assertEachReleasedOnce();
  }

  @Test
  void twoInstancesShareTheWork_andOneGoesOnWithoutTheOther() throws Exception {
    try (RecoveryActions first = start("state-1");
        Switchgear gear = connect()) {
      assertThat(first.awaitRunning(BOUND)).isTrue();
      gear.replay(queue, breaker, orders::done);
      try (RecoveryActions second = start("state-2")) {
        orders.park(gear, 8, 5);
        assertThat(second.awaitRunning(BOUND)).isTrue();
        orders.park(gear, 8, 5);
        Eventually.holds("some are done", () -> orders.countDone() > 0);
      }
      awaitEmpty(80);
      orders.assertEachDoneOnceInTurn();
    }
    orders.assertEachReleasedOnce();
  }

  private Set<String> deleteOwnTopics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      Set<String> own = new HashSet<>(admin.listTopics().names().get());
      own.removeIf(name -> !name.startsWith(application + "-"));
      admin.deleteTopics(own).all().get();
      return own;
    }
  }
}
