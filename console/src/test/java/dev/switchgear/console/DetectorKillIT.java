package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Parking;
import dev.switchgear.guard.ReplayResult;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.Work;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left when detector and recovery-actions die at once while a breaker is open. */
@Timeout(180)
class DetectorKillIT {

  private static final String BREAKER = "payments/charge";
  private static final String QUEUE = "orders";
  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final int ITEMS = 20;
  private static final int KEYS = 4;

  @TempDir private Path directory = Path.of("");

  private final TestKafka kafka = TestKafka.start();
  private final Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
  private final ScheduledExecutorService users = Executors.newScheduledThreadPool(2);
  private final List<BreakerState> states = new CopyOnWriteArrayList<>();
  private final Map<String, ParkedWork> ledger = new ConcurrentHashMap<>();
  private final List<ParkedWork> done = new CopyOnWriteArrayList<>();
  private final Parts parts = new Parts();
  private volatile boolean healthy;

  @BeforeEach
  void createTopics() {
    parts.add(kafka);
    TopicProvisioning.provision(clients, List.of(QUEUE));
    parts.add(TopicFollower.start(Topics.BREAKER_STATE, clients, builtIn(), this::onState));
    parts.add(TopicFollower.start(Topics.PARKED_WORK, clients, builtIn(), this::onParked));
  }

  private static Records builtIn() {
    return Records.builtInOnly();
  }

  private void onState(ConsumerRecord<String, byte[]> record, @Nullable BreakerState state) {
    if (state != null && record.key().equals(BREAKER)) {
      states.add(state);
    }
  }

  private void onParked(ConsumerRecord<String, byte[]> record, @Nullable ParkedWork work) {
    if (work == null) {
      ledger.remove(record.key());
    } else {
      ledger.put(record.key(), work);
    }
  }

  @AfterEach
  void stop() {
    users.shutdownNow();
    parts.close();
  }

  @Test
  void whenBothAreKilledDuringOpen_breakerEpochAndLedgerStay_andGoOnFromThere() throws Exception {
    RoleProcess detector = start(Role.DETECTOR);
    RoleProcess recovery = start(Role.RECOVERY_ACTIONS);
    Switchgear checkout = callForEver();

    Waiting.until(() -> newest() == State.OPEN, BOUND);
    park(checkout);
    Waiting.until(() -> newest() == State.OPEN, BOUND);
    detector.kill();
    recovery.kill();
    BreakerState left = asKafkaHasIt();
    int before = states.size();

    assertThat(left.getState()).isEqualTo(State.OPEN);
    assertThat(left.getAdmittedShare()).isZero();
    assertThat(ledger).hasSize(ITEMS);
    assertThat(done).isEmpty();

    start(Role.DETECTOR);
    start(Role.RECOVERY_ACTIONS);
    assertThat(asKafkaHasIt().getEpoch()).isGreaterThanOrEqualTo(left.getEpoch());
    healthy = true;
    Waiting.until(() -> newest() == State.CLOSED && ledger.isEmpty(), BOUND);

    assertThat(epochs(states.subList(before - 1, states.size())))
        .startsWith(left.getEpoch())
        .isEqualTo(consecutive(left.getEpoch(), states.get(states.size() - 1).getEpoch()));
    assertEverythingDoneOnceAndInOrder();
    assertThat(Called.with("why", BREAKER, "--epoch=1", "--kafka", kafka.bootstrapServers()).out())
        .contains("CLOSED → OPEN  (epoch 1)", "Recomputed  agrees");
  }

  private RoleProcess start(Role role) throws IOException, InterruptedException {
    Path own = Files.createDirectories(directory.resolve(role.toString()));
    return parts.add(RoleProcess.start(role, kafka.bootstrapServers(), own)).awaitRunning();
  }

  /** Fifty calls a second to a dependency that is as ill as this test wants it. */
  private Switchgear callForEver() throws InterruptedException {
    Switchgear checkout = parts.add(Switchgear.connect(kafka.bootstrapServers(), "checkout"));
    assertThat(checkout.awaitReady(BOUND)).isTrue();
    parts.add(checkout.replay(QUEUE, BREAKER, this::charge));
    Guard guard = checkout.guard(BREAKER);
    var calls = users.scheduleAtFixedRate(() -> call(guard), 0, 20, TimeUnit.MILLISECONDS);
    parts.add(() -> calls.cancel(false));
    return checkout;
  }

  private void call(Guard guard) {
    try {
      guard.call(this::answer, why -> "later");
    } catch (Exception e) {
      throw new AssertionError("A fallback must answer", e);
    }
  }

  private String answer() throws IOException {
    if (!healthy) {
      throw new IOException("charge refused");
    }
    return "charged";
  }

  private ReplayResult charge(ParkedWork work) {
    if (!healthy) {
      return ReplayResult.FAILED;
    }
    done.add(work);
    return ReplayResult.DONE;
  }

  private static void park(Switchgear checkout) throws Exception {
    Parking parking = checkout.parking(QUEUE, BREAKER);
    for (int i = 0; i < ITEMS; i++) {
      byte[] payload = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
      parking.park(Work.of("customer-" + i % KEYS, "order-" + i, payload));
    }
  }

  private State newest() {
    return states.isEmpty() ? State.UNKNOWN : states.get(states.size() - 1).getState();
  }

  private BreakerState asKafkaHasIt() throws InterruptedException {
    Cluster cluster = new Cluster(kafka.bootstrapServers(), Map.of());
    try (BoardReader board = BoardReader.open(cluster)) {
      BreakerState state = board.state(BREAKER);
      assertThat(state).isNotNull();
      return state;
    }
  }

  /** Without repetitions: a state may be published again within its epoch. */
  private static List<Long> epochs(List<BreakerState> states) {
    List<Long> epochs = new ArrayList<>();
    for (BreakerState state : states) {
      if (epochs.isEmpty() || epochs.get(epochs.size() - 1) != state.getEpoch()) {
        epochs.add(state.getEpoch());
      }
    }
    return epochs;
  }

  private static List<Long> consecutive(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private void assertEverythingDoneOnceAndInOrder() {
    assertThat(done)
        .extracting(ParkedWork::getIdempotencyKey)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, ITEMS).mapToObj(i -> "order-" + i).toList());
    for (int key = 0; key < KEYS; key++) {
      String workKey = "customer-" + key;
      assertThat(done.stream().filter(work -> work.getWorkKey().equals(workKey)))
          .extracting(work -> Integer.valueOf(work.getIdempotencyKey().replace("order-", "")))
          .isSorted();
    }
  }
}
