package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.api.io.TempDir;

/** A service whose Kafka never was there, or has gone. */
class KafkaGoneIT {

  /** Half of what Kafka's clients wait by themselves. */
  private static final Duration PROMPT = Duration.ofSeconds(30);

  @Test
  void kafkaIsNotThere_whatFailsIsOpenedAlone_andTheFleetIsObeyedOnceItIs(@TempDir Path data)
      throws Exception {
    try (TestKafka late = TestKafka.down(data);
        Switchgear gear = within(() -> connect(late.bootstrapServers(), "alone-1"))) {
      assertOpensAlone(gear);
      assertThat(gear.isReady()).isFalse();

      late.goUp();
      provision(late);
      try (KafkaProbe probe = new KafkaProbe(late.bootstrapServers())) {
        probe.put(Topics.BREAKER_STATE, BREAKER, States.state(State.HELD_CLOSED, 7, 10_000));
      }
      assertThat(gear.awaitReady(Eventually.BOUND)).isTrue();
      Eventually.holds(
          "obeyed",
          () -> gear.guard(BREAKER).admit() instanceof Permit permit && permit.epoch() == 7);
      assertThat(belief(gear).source()).isEqualTo(Health.Source.FLEET);
    }
  }

  @Test
  void kafkaAcceptsAndNeverAnswers_whatFailsIsOpenedAlone_andClosingIsBounded() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + mute.getLocalPort();
      Switchgear gear = within(() -> connect(address, "alone-2"));
      assertOpensAlone(gear);

      assertClosesInTime(gear);
      assertThat(gear.isReady()).isFalse();
      assertThat(gear.droppedObservations()).isPositive();
    }
  }

  @Test
  void kafkaHasGone_closingIsBounded_andTellsThatObservationsAreLost(@TempDir Path data)
      throws Exception {
    try (TestKafka mortal = TestKafka.down(data)) {
      mortal.goUp();
      provision(mortal);
      Switchgear gear = connect(mortal.bootstrapServers(), "left-1");
      assertThat(gear.awaitReady(Eventually.BOUND)).isTrue();
      Parking parking = gear.parking("orders", BREAKER);
      Eventually.holds("the ledger is read", () -> !parking.holds("anna"));
      Replay replay = gear.replay("orders", BREAKER, work -> ReplayResult.DONE);
      mortal.goDown();
      Guard guard = gear.guard(BREAKER);
      Eventually.holds(
          "deferred",
          () -> {
            ((Permit) guard.admit()).success(1_000);
            return gear.deferredObservations() > 2;
          });
      assertThat(gear.droppedObservations()).isZero();

      assertClosesInTime(gear);
      assertThat(replay.isClosed()).isTrue();
      assertThat(gear.droppedObservations()).isPositive();
      assertThat(guard.admit()).isInstanceOf(Permit.class);
    }
  }

  /** Its calls wait for nothing meanwhile. */
  private static void assertOpensAlone(Switchgear gear) {
    Guard guard = gear.guard(BREAKER);
    within(
        () -> {
          Eventually.holds("opened alone", () -> failed(guard) instanceof Refusal);
          return guard;
        });
    assertThat(belief(gear).source()).isEqualTo(Health.Source.LOCAL);
  }

  private static Unavailable failed(Guard guard) {
    try {
      return guard.<Unavailable>call(
          () -> {
            throw new IOException("down");
          },
          why -> why);
    } catch (Exception e) {
      throw new AssertionError("The fallback answers", e);
    }
  }

  private static void assertClosesInTime(Switchgear gear) {
    assertTimeoutPreemptively(PROMPT, gear::close);
    assertThat(gear.health().live()).isFalse();
  }

  private static <T> T within(ThrowingSupplier<T> supplier) {
    return assertTimeoutPreemptively(PROMPT, supplier);
  }

  private static Health.Belief belief(Switchgear gear) {
    return gear.health().beliefs().get(0);
  }

  private static Switchgear connect(String bootstrapServers, String instance) {
    return Switchgear.builder(bootstrapServers, "checkout").instance(instance).build();
  }

  private static void provision(TestKafka kafka) {
    TopicProvisioning.provision(
        Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of("orders"));
  }
}
