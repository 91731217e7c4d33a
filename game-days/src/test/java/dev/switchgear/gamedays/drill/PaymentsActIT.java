package dev.switchgear.gamedays.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.Detector;
import dev.switchgear.detector.DetectorSettings;
import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.gamedays.shop.Service;
import dev.switchgear.gamedays.shop.Shop;
import dev.switchgear.recovery.RecoveryActions;
import dev.switchgear.recovery.RecoverySettings;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of Switchgear and the shop, on a real broker: payments goes down and comes back. */
class PaymentsActIT {

  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir private Path state;

  @Test
  void paymentsGoesDownOrdersAreParkedAndEachIsChargedOnceAndInTurn() throws Exception {
    Notes notes = new Notes();
    Act outage =
        new Outage(
            "payments down",
            "Payments is gone at once.",
            Service.PAYMENTS,
            new Fault.RefuseConnections(),
            null,
            Duration.ofSeconds(2),
            Duration.ofSeconds(1));
    DemoReport report;
    try (TestKafka broker = TestKafka.start();
        Detector detector = detector(broker);
        RecoveryActions recovery = recovery(broker);
        Demo demo = demo(broker, notes, List.of(outage))) {
      assertThat(detector.awaitRunning(BOUND)).isTrue();
      assertThat(recovery.awaitRunning(BOUND)).isTrue();
      report = demo.run();
    }

    assertThat(report.problems()).isEmpty();
    assertThat(report.acts()).singleElement().satisfies(PaymentsActIT::isWhole);
    assertThat(notes.transitions)
        .extracting(BreakerTransition::getTo)
        .startsWith(State.OPEN, State.PROBING)
        .contains(State.RECOVERING)
        .endsWith(State.CLOSED);
    assertThat(notes.snapshots)
        .anyMatch(snapshot -> snapshot.orders().parkedTotal() > 0)
        .anyMatch(snapshot -> snapshot.services().stream().anyMatch(s -> s.errorShare() > 0.9));
  }

  private static void isWhole(DemoReport.Act act) {
    assertThat(act.breaker()).isEqualTo("payments/charge");
    assertThat(act.faultToOpenMillis()).isNotNull().isPositive();
    assertThat(act.faultToObeyedMillis()).isNotNull().isPositive();
    assertThat(act.healToClosedMillis()).isNotNull().isPositive();
    assertThat(act.callsReachedAfterFault()).isPositive();
    assertThat(act.callsRefused()).isPositive();
    assertThat(act.requests().succeeded()).isPositive();
    assertThat(act.requests().degraded()).isGreaterThanOrEqualTo(act.orders().parked());
    assertThat(act.orders().parked()).isPositive();
    assertThat(act.orders().replayed()).isEqualTo(act.orders().parked());
  }

  private static Demo demo(TestKafka broker, DemoView view, List<Act> acts) {
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    TopicProvisioning.provision(kafka, List.of(Shop.QUEUE));
    return new Demo(
        new DemoSettings(broker.bootstrapServers(), 30, 2, 1), view, acts, Bounds.DEFAULT);
  }

  private Detector detector(TestKafka broker) {
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    TopicProvisioning.provision(kafka, List.of(Shop.QUEUE));
    return Detector.start(
        new DetectorSettings(
            broker.bootstrapServers(), "detector", state.resolve("detector"), 1, null, Map.of()));
  }

  private RecoveryActions recovery(TestKafka broker) {
    return RecoveryActions.start(
        new RecoverySettings(
            broker.bootstrapServers(),
            "recovery",
            state.resolve("recovery"),
            1,
            100,
            100,
            5,
            Map.of()));
  }

  private static final class Notes implements DemoView {
    private final Queue<BreakerTransition> transitions = new ConcurrentLinkedQueue<>();
    private final Queue<DemoSnapshot> snapshots = new ConcurrentLinkedQueue<>();

    @Override
    public void headline(String title, String detail) {}

    @Override
    public void snapshot(DemoSnapshot snapshot) {
      snapshots.add(snapshot);
    }

    @Override
    public void transition(BreakerTransition transition) {
      transitions.add(transition);
    }

    @Override
    public void notice(String line) {}
  }
}
