package dev.switchgear.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.Switchgear;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.QueueMode;
import dev.switchgear.schemas.QueueState;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker for the tests of one class, and for each test a queue, its orders and an application of
 * recovery-actions. Services park and replay through their guards.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
abstract class RecoveryScene {

  static final Duration BOUND = Eventually.BOUND;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  final TestKafka kafka = TestKafka.start();
  final KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers());

  @TempDir private Path directory = Path.of("");

  String queue = "";
  String breaker = "";
  String application = "";

  Orders orders;

  @BeforeAll
  void createTopics() {
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
  }

  @AfterAll
  void stopKafka() {
    probe.close();
    kafka.close();
  }

  @BeforeEach
  void chooseNames() {
    int number = NUMBER.incrementAndGet();
    queue = "orders-" + number;
    breaker = "payments-" + number + "/charge";
    application = "recovery-" + number;
    orders = new Orders(probe, queue, breaker);
  }

  RecoveryActions start(String state) {
    return start(application, directory.resolve(state));
  }

  RecoveryActions start(String name, Path state) {
    return RecoveryActions.start(
        new RecoverySettings(kafka.bootstrapServers(), name, state, 2, 1_000, 100, 3, Map.of()));
  }

  Switchgear connect() {
    return Switchgear.connect(kafka.bootstrapServers(), "checkout");
  }

  void publish(State state, long epoch, int share) throws Exception {
    BreakerState published =
        BreakerState.newBuilder()
            .setBreaker(breaker)
            .setState(state)
            .setEpoch(epoch)
            .setAdmittedShare(share)
            .setReason("test")
            .setDecidedAtMillis(1)
            .build();
    probe.put(Topics.BREAKER_STATE, breaker, published);
  }

  QueueState awaitQueue(Predicate<QueueState> wanted) {
    List<QueueState> states =
        probe.read(
            Topics.QUEUE_STATE,
            all ->
                all.stream().anyMatch(each -> each.getQueue().equals(queue) && wanted.test(each)));
    return states.stream()
        .filter(each -> each.getQueue().equals(queue) && wanted.test(each))
        .findFirst()
        .orElseThrow();
  }

  void awaitEmpty(int done) {
    QueueState end = awaitQueue(state -> state.getParked() == 0 && state.getDoneTotal() == done);
    assertThat(end.getMode()).isEqualTo(QueueMode.EMPTY);
    assertThat(end.getParkedTotal()).isEqualTo(done);
    assertThat(end.getInFlight()).isZero();
  }
}
