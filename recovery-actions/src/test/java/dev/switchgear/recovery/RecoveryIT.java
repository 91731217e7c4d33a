package dev.switchgear.recovery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.ReplayResult;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.Work;
import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.QuarantinedWork;
import dev.switchgear.schemas.QueueMode;
import dev.switchgear.schemas.QueueState;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkAttempt;
import dev.switchgear.schemas.WorkPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parks and replays while dependencies and items fail, with one instance that stays. */
class RecoveryIT extends RecoveryScene {

  private static final String APPLICATION = "recovery-that-stays";

  @TempDir private static Path stateDirectory = Path.of("");

  private RecoveryActions recovery;

  @BeforeAll
  void startRecovery() throws InterruptedException {
    recovery = start(APPLICATION, stateDirectory);
    assertThat(recovery.awaitRunning(BOUND)).isTrue();
  }

  @AfterAll
  void stopRecovery() {
    recovery.close();
  }

  @Test
  void whileTheDependencyFailsNowAndThen_everyItemIsDoneOnceAndInOrder() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (Switchgear gear = connect()) {
      orders.park(gear, 5, 6);
      gear.replay(
          queue,
          breaker,
          work -> {
            // Never the last attempt, after which it would be given up.
            if (calls.incrementAndGet() % 4 == 0 && work.getAttempt() < 3) {
              throw new IllegalStateException("timeout");
            }
            return orders.done(work);
          });

      awaitEmpty(30);
      orders.assertEachDoneOnceInTurn();
    }
    orders.awaitFinished();
  }

  @Test
  void whileTheBreakerIsOpenNothingIsReleased_andAllOnceItHasClosed() throws Exception {
    publish(State.OPEN, 1, 0);
    try (Switchgear gear = connect()) {
      gear.replay(queue, breaker, orders::done);
      orders.park(gear, 3, 2);
      QueueState holding = awaitQueue(state -> state.getParked() == 6);
      assertThat(holding.getMode()).isEqualTo(QueueMode.HOLDING);
      assertThat(holding.getBreaker()).isEqualTo(breaker);
      assertThat(holding.getReleasePerSecond()).isZero();
      assertThat(orders.countDone()).isZero();

      publish(State.RECOVERING, 2, 5_000);
      awaitQueue(state -> state.getMode() == QueueMode.REPLAYING || state.getParked() == 0);
      publish(State.CLOSED, 3, 10_000);
      awaitEmpty(6);
      orders.assertEachDoneOnceInTurn();
    }
  }

  @Test
  void anItemThatCanNotSucceed_goesToQuarantineWithEveryAttemptAndTheNextOfItsKeyIsDone()
      throws Exception {
    try (Switchgear gear = connect()) {
      orders.park(gear, 2, 2);
      gear.replay(
          queue,
          breaker,
          work -> {
            if (work.getIdempotencyKey().equals("key-0/0")) {
              throw new IllegalStateException("no such customer");
            }
            return orders.done(work);
          });

      QuarantinedWork given = awaitQuarantined(1).get(0);
      assertThat(given.getWork().getIdempotencyKey()).isEqualTo("key-0/0");
      assertThat(given.getAttempts()).extracting(WorkAttempt::getAttempt).containsExactly(1, 2, 3);
      assertThat(given.getAttempts())
          .extracting(WorkAttempt::getCause)
          .containsOnly("java.lang.IllegalStateException: no such customer");
      awaitQueue(state -> state.getDoneTotal() == 3 && state.getQuarantinedTotal() == 1);
      assertThat(orders.doneOf("key-0")).containsExactly("key-0/1");
    }
  }

  @Test
  void whenEverythingLooksLikePoison_theQueueStopsInsteadAndGoesOnOnceOneIsDone() throws Exception {
    AtomicReference<ReplayResult> answer = new AtomicReference<>(ReplayResult.POISON);
    try (Switchgear gear = connect()) {
      gear.replay(queue, breaker, work -> requireNonNull(answer.get()));
      for (String key : keysOfOnePartition(8)) {
        gear.parking(queue, breaker).park(Work.of(key, "of " + key, new byte[] {1}));
      }

      // Three keys of a partition may be ill by themselves.
      awaitQueue(state -> state.getMode() == QueueMode.STOPPED && state.getQuarantinedTotal() == 3);
      answer.set(ReplayResult.DONE);
      QueueState end = awaitQueue(state -> state.getParked() == 0);
      assertThat(end.getDoneTotal()).isEqualTo(5);
      assertThat(end.getQuarantinedTotal()).isEqualTo(3);
    }
  }

  private List<String> keysOfOnePartition(int count) {
    int partitions = Topics.PARKED_WORK.partitions();
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "key-" + i)
        .filter(key -> WorkPartition.of(queue, key, partitions) == 0)
        .limit(count)
        .toList();
  }

  @Test
  void pastItsDeadline_anItemGoesToQuarantineUntried() throws Exception {
    publish(State.OPEN, 1, 0);
    try (Switchgear gear = connect()) {
      Work late =
          new Work(
              "key", "late", new byte[] {1}, "text/plain", Map.of(), Instant.now().plusMillis(300));
      gear.parking(queue, breaker).park(late);

      QuarantinedWork given = awaitQuarantined(1).get(0);
      assertThat(given.getWork().getAttempt()).isZero();
      assertThat(given.getAttempts())
          .singleElement()
          .satisfies(each -> assertThat(each.getCause()).startsWith("deadline passed at "));
    }
  }

  @Test
  void poisonOnEverySource_goesToDeadLettersWithItsCauseAndTheStreamGoesOn() throws Exception {
    byte[] poison = {9, 9, 9};
    try (Switchgear gear = connect()) {
      gear.replay(queue, breaker, orders::done);
      for (String topic :
          List.of(
              Topics.PARKED_WORK.name(),
              Topics.WORK_OUTCOMES.name(),
              Topics.BREAKER_STATE.name(),
              APPLICATION + "-ticks",
              APPLICATION + "-grants",
              APPLICATION + "-standings")) {
        probe.putBytes(topic, 0, "poison of " + queue, poison);
      }
      ParkedWork nonsense =
          ParkedWork.newBuilder()
              .setItemId("nonsense of " + queue)
              .setQueue("No Queue")
              .setWorkKey("k")
              .setBreaker(breaker)
              .setIdempotencyKey("i")
              .setPayload(ByteBuffer.allocate(1))
              .setParkedBy("nobody")
              .setParkedAtMillis(1)
              .build();
      probe.put(Topics.PARKED_WORK, 0, nonsense.getItemId(), nonsense);
      orders.park(gear, 2, 3);

      awaitEmpty(6);
      orders.assertEachDoneOnceInTurn();
      List<ConsumerRecord<String, byte[]>> letters = letters(7);
      assertThat(letters.stream().map(RecoveryIT::source).distinct())
          .extracting(source -> source.substring(0, source.indexOf(' ')))
          .containsExactlyInAnyOrder(
              Topics.PARKED_WORK.name(),
              Topics.PARKED_WORK.name(),
              Topics.WORK_OUTCOMES.name(),
              Topics.BREAKER_STATE.name(),
              APPLICATION + "-ticks",
              APPLICATION + "-grants",
              APPLICATION + "-standings");
      assertThat(letters).filteredOn(letter -> isOf(letter, "queue: \"No Queue\"")).hasSize(1);
      assertThat(letters).filteredOn(letter -> isOf(letter, "Not a BreakerState")).hasSize(1);
    }
  }

  @Test
  void itsHeartbeat_saysThatItLives() {
    probe.read(
        Topics.HEARTBEATS,
        all -> all.stream().filter(each -> each.getRole().equals("recovery-actions")).count() > 1);
  }

  private List<QuarantinedWork> awaitQuarantined(int count) {
    return probe
        .read(Topics.QUARANTINE, all -> all.stream().filter(this::isOurs).count() >= count)
        .stream()
        .filter(this::isOurs)
        .toList();
  }

  private boolean isOurs(QuarantinedWork given) {
    return given.getWork().getQueue().equals(queue);
  }

  /**
   * Letters of at least so many records. A task sends what it cannot decode as soon as that is next
   * in turn, and commits its offset later: a commit that fails in between repeats the letter.
   */
  private List<ConsumerRecord<String, byte[]>> letters(int sources) {
    return ours(probe.readBytes(Topics.DEAD_LETTERS, all -> countSources(ours(all)) >= sources));
  }

  private List<ConsumerRecord<String, byte[]>> ours(List<ConsumerRecord<String, byte[]>> letters) {
    return letters.stream().filter(this::isOurLetter).toList();
  }

  private static long countSources(List<ConsumerRecord<String, byte[]>> letters) {
    return letters.stream().map(RecoveryIT::source).distinct().count();
  }

  /** Where a record stood that could not be used. */
  private static String source(ConsumerRecord<String, byte[]> letter) {
    return header(letter, DeadLetter.TOPIC)
        + " "
        + header(letter, DeadLetter.PARTITION)
        + " "
        + header(letter, DeadLetter.OFFSET);
  }

  private static boolean isOf(ConsumerRecord<String, byte[]> letter, String error) {
    return header(letter, DeadLetter.ERROR).contains(error);
  }

  private boolean isOurLetter(ConsumerRecord<String, byte[]> letter) {
    return String.valueOf(letter.key()).endsWith(" of " + queue);
  }

  private static String header(ConsumerRecord<String, byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
