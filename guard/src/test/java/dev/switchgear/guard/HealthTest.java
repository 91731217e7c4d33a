package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.testing.Eventually;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {

  private static final Duration STALE = Duration.ofSeconds(10);
  private static final Duration MOMENT = Duration.ofMillis(250);
  private static final Identity WHO = new Identity("checkout", "checkout-1", null, null, null, 1);

  private final TestGear test = TestGear.of("checkout");
  private final Guard guard = test.gear().guard(BREAKER);

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void theFleet_isHeard_thenSilent_thenHeardAgain() {
    test.pass(Duration.ofSeconds(1));
    assertFleet(true, Duration.ZERO);

    test.loseFleet();
    test.pass(STALE);
    assertFleet(true, STALE);
    test.pass(MOMENT);
    assertFleet(false, STALE.plus(MOMENT));
    test.passAtOnce(Duration.ofDays(2));
    assertFleet(false, Duration.ofDays(1));

    test.regainFleet();
    assertFleet(false, Duration.ofDays(1));
    test.pass(MOMENT);
    assertFleet(true, Duration.ZERO);
  }

  /** Neither takes an instance out of service for want of the fleet. */
  private void assertFleet(boolean heard, Duration silent) {
    Health health = test.gear().health();
    assertThat(health.fleetHeard()).isEqualTo(heard);
    assertThat(health.silent()).isEqualTo(silent);
    assertThat(health.live()).isTrue();
    assertThat(health.ready()).isTrue();
  }

  @Test
  void anInstance_isLiveUntilItIsClosed() {
    assertThat(test.gear().health().live()).isTrue();

    test.gear().close();

    assertThat(test.gear().health().live()).isFalse();
  }

  @Test
  void whatFailsWhenTheFleetIsTold_isTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    try (Reporter reporter =
        reporter(
            () -> {
              tries.incrementAndGet();
              throw new IllegalStateException("as the test wants it");
            })) {
      reporter.start();
      Eventually.holds("tried again", () -> tries.get() > 2);

      assertThat(reporter.isLive()).isTrue();
    }
  }

  @Test
  void anInstanceThatTellsTheFleetNothingAnyMore_isNotLive() {
    Reporter reporter =
        reporter(
            () -> {
              throw new LinkageError("as the test wants it");
            });
    assertThat(reporter.isLive()).isTrue();

    reporter.start();

    Eventually.holds("not live", () -> !reporter.isLive());
  }

  @Test
  void beforeAnythingIsRead_itIsNotReady_untilItKnowsThatItJudgesAlone() {
    HandClocks clocks = new HandClocks();
    Board board = new Board(Bonds.NOBODY, clocks, States.UNTOLD);
    Switchgear gear = gear(board, clocks);
    assertThat(gear.health().ready()).isFalse();
    assertThat(gear.health().fleetHeard()).isFalse();
    assertThat(gear.health().silent()).isEqualTo(Duration.ofDays(1));

    clocks.pass(STALE.minusNanos(1));
    assertThat(gear.health().ready()).isFalse();
    clocks.pass(Duration.ofNanos(1));
    assertThat(gear.health().ready()).isTrue();
    assertThat(gear.health().fleetHeard()).isFalse();
  }

  @Test
  void onceEverythingIsRead_itIsReadyAndTheFleetIsHeard() {
    HandClocks clocks = new HandClocks();
    Board board = new Board(Bonds.NOBODY, clocks, States.UNTOLD);
    Switchgear gear = gear(board, clocks);
    clocks.pass(Duration.ofSeconds(1));
    assertThat(gear.health().ready()).isFalse();

    board.ready();

    assertThat(gear.isReady()).isTrue();
    assertThat(gear.health().ready()).isTrue();
    assertThat(gear.health().fleetHeard()).isTrue();
    assertThat(gear.health().silent()).isZero();
  }

  private static Switchgear gear(Board board, Clocks clocks) {
    FleetLimits limits = new FleetLimits(board.pulse(), clocks, WHO.instance());
    Reporter reporter = reporter(board, limits, clocks, MockProducer::new);
    var none = new TestGear.Unconnected();
    return new Switchgear(WHO, clocks, LocalPolicy.DEFAULT, board, limits, reporter, none);
  }

  private static Reporter reporter(Supplier<Producer<String, byte[]>> opening) {
    Board board = new Board();
    FleetLimits limits = new FleetLimits(board.pulse(), Clocks.SYSTEM, WHO.instance());
    return reporter(board, limits, Clocks.SYSTEM, opening);
  }

  private static Reporter reporter(
      Board board, FleetLimits limits, Clocks clocks, Supplier<Producer<String, byte[]>> opening) {
    Telemetry telemetry = new Telemetry(opening, Records.builtInOnly());
    return new Reporter(
        board, limits, WHO, telemetry, LocalPolicy.DEFAULT, Sampling.EVERY_CALL, clocks);
  }

  @Test
  void ofABreakerThatNobodyHasJudged_nobodysWordIsObeyed() {
    test.pass(STALE);

    assertThat(belief())
        .isEqualTo(
            new Health.Belief(
                BREAKER,
                BREAKER,
                State.CLOSED,
                0,
                10_000,
                "",
                Health.Source.NOBODY,
                Duration.ZERO,
                false));
  }

  @Test
  void theFleetsWord_growsOldAndStale_andIsFreshWhenTheFleetIsBack() {
    test.closed(BREAKER);
    assertBelief(Health.Source.FLEET, Duration.ZERO, false);
    test.pass(Duration.ofSeconds(7));
    assertBelief(Health.Source.FLEET, Duration.ofSeconds(7), false);

    test.loseFleet();
    test.pass(STALE);
    assertBelief(Health.Source.FLEET, Duration.ofSeconds(17), false);
    test.pass(MOMENT);
    assertBelief(Health.Source.FLEET, Duration.ofSeconds(17).plus(MOMENT), true);

    test.regainFleet();
    test.pass(MOMENT);
    assertBelief(Health.Source.FLEET, Duration.ofSeconds(17).plus(MOMENT.multipliedBy(2)), false);
  }

  @Test
  void whatThisInstanceHasDecided_isItsOwnWord_untilTheFleetHasNews() {
    test.closed(BREAKER);
    test.loseFleet();
    test.pass(STALE);
    ((Permit) guard.admit()).success(1_000);
    test.pass(MOMENT);
    assertBelief(Health.Source.LOCAL, Duration.ZERO, false);
    assertThat(belief().reason()).startsWith("judged by this instance alone: ");
    test.pass(Duration.ofSeconds(3));
    assertBelief(Health.Source.LOCAL, Duration.ofSeconds(3), false);

    test.regainFleet();
    test.open("payments");

    assertBelief(Health.Source.FLEET, Duration.ZERO, false);
    assertThat(belief().breaker()).isEqualTo(BREAKER);
    assertThat(belief().decidedBy()).isEqualTo("payments");
    assertThat(belief().state()).isEqualTo(State.OPEN);
    assertThat(belief().admittedShare()).isZero();
    assertThat(belief().reason()).isEqualTo("as the test wants it");
  }

  @Test
  void aBreakerWhosePolicyWaitsLess_isStaleSooner() {
    test.publish(States.unbuilt(State.CLOSED, 1, 10_000).setStaleAfterMillis(3_000).build());
    test.loseFleet();
    test.pass(Duration.ofSeconds(3));
    assertThat(belief().stale()).isFalse();

    test.pass(MOMENT);

    assertThat(belief().stale()).isTrue();
    assertThat(test.gear().health().fleetHeard()).isTrue();
  }

  private void assertBelief(Health.Source source, Duration age, boolean stale) {
    assertThat(belief().source()).isEqualTo(source);
    assertThat(belief().age()).isEqualTo(age);
    assertThat(belief().stale()).isEqualTo(stale);
  }

  private Health.Belief belief() {
    return test.gear().health().beliefs().get(0);
  }
}
