package dev.switchgear.recovery;

import dev.switchgear.guard.Switchgear;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.testing.ChildJvm;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Instances die without a word, or are only thought dead. */
@Timeout(300)
class TakeoverIT {

  private static TestKafka kafka = TestKafka.start();
  private static KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers());

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void createTopics() {
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
  }

  @AfterAll
  static void stop() {
    probe.close();
    kafka.close();
  }

  @Test
  void killedAgainAndAgain_nothingIsLostOrRepeated() throws Exception {
    Orders orders = new Orders(probe, "killed", "payments/charge");
    ChildJvm first = start("killed", "first");
    ChildJvm second = start("killed", "second");
    try (Switchgear gear = Switchgear.connect(kafka.bootstrapServers(), "checkout")) {
      first.awaitReady();
      second.awaitReady();
      gear.replay("killed", "payments/charge", orders::done);
      for (int round = 1; round <= 2; round++) {
        orders.park(gear, 12, 6);
        int enough = round * 72 - 36;
        Eventually.holds("half of round " + round, () -> orders.countDone() > enough);
        first.close();
        first = start("killed", "first").awaitReady();
      }
      second.close();
      orders.awaitFinished();
    } finally {
      first.close();
      second.close();
    }

    orders.assertEachDoneOnceInTurn();
    orders.assertEachReleasedOnce();
  }

  @Test
  void pausedForSoLongThatOthersTookOver_itChangesNothingWhenItGoesOn() throws Exception {
    Orders orders = new Orders(probe, "paused", "payments/charge");
    ChildJvm second = start("paused", "second");
    try (ChildJvm first = start("paused", "first");
        Switchgear gear = Switchgear.connect(kafka.bootstrapServers(), "checkout")) {
      first.awaitReady();
      second.awaitReady();
      gear.replay("paused", "payments/charge", orders::done);
      orders.park(gear, 12, 4);
      Eventually.holds("some are done", () -> orders.countDone() > 12);
      first.pause();
      orders.park(gear, 12, 4);
      // All of them: the other has taken over every partition.
      orders.awaitFinished();
      orders.park(gear, 12, 4);
      first.resume();
      orders.awaitFinished();
    } finally {
      second.close();
    }

    orders.assertEachDoneOnceInTurn();
    orders.assertEachReleasedOnce();
  }

  private ChildJvm start(String application, String state) throws Exception {
    return RecoveryProcess.start(
        kafka.bootstrapServers(), application, directory.resolve(application).resolve(state));
  }
}
