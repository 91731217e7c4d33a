package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.WorkPartition;
import dev.switchgear.schemas.WorkResult;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import io.opentelemetry.api.trace.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplayIT {

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final int QUEUES = 16;

  private static TestKafka kafka;
  private static KafkaProbe probe;

  private String queue;
  private String breaker;

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start();
    List<String> queues = new ArrayList<>();
    for (int i = 1; i <= QUEUES; i++) {
      queues.add("queue-" + i);
    }
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), queues);
    probe = new KafkaProbe(kafka.bootstrapServers());
  }

  @AfterAll
  static void stopKafka() {
    probe.close();
    kafka.close();
  }

  @BeforeEach
  void chooseNames(TestInfo test) {
    queue = "queue-" + NUMBER.incrementAndGet();
    breaker = BREAKER + " of " + test.getDisplayName();
  }

  @Test
  void everyItem_isDoneAndItsOutcomeCommittedWithTheProgress() throws Exception {
    release(probe, 1, 40);
    try (Switchgear gear = connect("replaying-1")) {
      gear.replay(queue, breaker, work -> ReplayResult.DONE);

      assertThat(outcomes(40))
          .allSatisfy(
              outcome -> {
                assertThat(outcome.getResult()).isEqualTo(WorkResult.DONE);
                assertThat(outcome.getAttempt()).isEqualTo(1);
                assertThat(outcome.getBy()).isEqualTo("replaying-1");
                assertThat(outcome.getCause()).isEmpty();
              })
          .extracting(WorkOutcome::getItemId)
          .doesNotHaveDuplicates();
    }
    assertThat(committed()).isEqualTo(probe.end(Topics.replay(queue).name()));
  }

  @Test
  void anOutcome_isWhereItsKeyBelongs() throws Exception {
    release(probe, 1, 8);
    try (Switchgear gear = connect("replaying-2")) {
      gear.replay(queue, breaker, work -> ReplayResult.DONE);
      outcomes(8);
    }

    probe.readBytes(Topics.WORK_OUTCOMES.name(), all -> ours(all).size() == 8);
    List<ConsumerRecord<String, byte[]>> records =
        ours(probe.readBytes(Topics.WORK_OUTCOMES.name(), all -> ours(all).size() == 8));
    for (ConsumerRecord<String, byte[]> record : records) {
      String itemId = record.key();
      String key = "key" + itemId.substring(itemId.lastIndexOf('-') + 1);
      assertThat(record.partition()).isEqualTo(WorkPartition.of(queue, key, 4));
    }
  }

  @Test
  void theHandlerFails_theOutcomeSaysWhyAndTheNextItemIsDone() throws Exception {
    release(probe, 1, 4);
    try (Switchgear gear = connect("replaying-3")) {
      gear.replay(
          queue,
          breaker,
          work ->
              switch (number(work)) {
                case 1 -> throw new IllegalStateException("card expired");
                case 2 -> throw new StackOverflowError("deep");
                case 3 -> ReplayResult.POISON;
                default -> ReplayResult.DONE;
              });

      Map<Integer, String> ends =
          outcomes(4).stream()
              .collect(
                  Collectors.toMap(
                      ReplayIT::number, each -> each.getResult() + " " + each.getCause()));
      assertThat(ends)
          .containsEntry(1, "FAILED java.lang.IllegalStateException: card expired")
          .containsEntry(2, "FAILED java.lang.StackOverflowError: deep")
          .containsEntry(3, "POISON the handler says that no attempt can succeed")
          .containsEntry(4, "DONE ");
    }
  }

  @Test
  void whileTheBreakerIsOpen_workIsPutOffWithoutCallingTheHandler() throws Exception {
    publish(State.OPEN, 7, 0);
    release(probe, 1, 3);
    AtomicInteger called = new AtomicInteger();
    try (Switchgear gear = connect("replaying-4")) {
      gear.replay(
          queue,
          breaker,
          work -> {
            called.incrementAndGet();
            return ReplayResult.DONE;
          });

      assertThat(outcomes(3))
          .allSatisfy(
              outcome -> {
                assertThat(outcome.getResult()).isEqualTo(WorkResult.DEFERRED);
                assertThat(outcome.getCause()).contains("is OPEN at epoch 7");
              });
      assertThat(called).hasValue(0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"PROBING", "RECOVERING"})
  void whileTheBreakerRecovers_everyReleasedItemIsACallOfItsEpoch(State state) throws Exception {
    publish(state, 9, 1);
    release(probe, 1, 20);
    try (Switchgear gear = connect("replaying-5-" + state)) {
      gear.replay(
          queue,
          breaker,
          work -> {
            if (number(work) <= 5) {
              throw new IllegalStateException();
            }
            return ReplayResult.DONE;
          });
      outcomes(20);

      List<Observation> seen =
          probe.read(
              Topics.OBSERVATIONS,
              all -> ofBreaker(all).stream().mapToLong(Observation::getCalls).sum() == 20);
      assertThat(ofBreaker(seen))
          .allSatisfy(each -> assertThat(each.getEpoch()).isEqualTo(9))
          .extracting(each -> each.getErrors().getOrDefault("IllegalStateException", 0L))
          .satisfies(
              errors -> assertThat(errors.stream().mapToLong(Long::longValue).sum()).isEqualTo(5));
    }
  }

  @Test
  void bytesThatAreNoWork_goToDeadLettersAndTheNextItemIsDone() throws Exception {
    String topic = Topics.replay(queue).name();
    probe.putBytes(topic, 2, "a key", new byte[] {9, 9, 9});
    release(probe, 1, 4);
    try (Switchgear gear = connect("replaying-6")) {
      gear.replay(queue, breaker, work -> ReplayResult.DONE);
      assertThat(outcomes(4)).hasSize(4);
    }

    ConsumerRecord<String, byte[]> letter =
        probe
            .readBytes(
                Topics.DEAD_LETTERS, all -> all.stream().anyMatch(each -> isFrom(each, topic)))
            .stream()
            .filter(each -> isFrom(each, topic))
            .findFirst()
            .orElseThrow();
    assertThat(letter.key()).isEqualTo("a key");
    assertThat(letter.value()).isEqualTo(new byte[] {9, 9, 9});
    assertThat(header(letter, "switchgear.error")).contains("Not a ParkedWork (3 bytes");
    assertThat(header(letter, "switchgear.partition")).isEqualTo("2");
    assertThat(header(letter, "switchgear.offset")).isEqualTo("0");
  }

  @Test
  void itemsOfOneKey_areDoneInOrderAndNeverAtTheSameTime() throws Exception {
    for (int i = 1; i <= 30; i++) {
      release(probe, i, "the same key");
    }
    List<Integer> started = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (Switchgear gear = connect("replaying-7")) {
      gear.replay(
          queue,
          breaker,
          work -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            started.add(number(work));
            running.decrementAndGet();
            return ReplayResult.DONE;
          });
      outcomes(30);
    }

    assertThat(started).isSorted().hasSize(30);
    assertThat(most).hasValue(1);
  }

  @Test
  void oneHandlerHangs_theOthersOutcomesAreCommittedAndOnlyItIsAttemptedAgain() throws Exception {
    for (int i = 1; i <= 20; i++) {
      String topic = Topics.replay(queue).name();
      probe.put(Topics.replay(queue), 0, topic, work(i, "key" + i));
    }
    CountDownLatch never = new CountDownLatch(1);
    List<Integer> again = Collections.synchronizedList(new ArrayList<>());
    try (Switchgear hanging = connect("replaying-8")) {
      hanging.replay(
          queue,
          breaker,
          work -> {
            if (number(work) == 1) {
              never.await();
            }
            return ReplayResult.DONE;
          });
      assertThat(outcomes(19)).extracting(ReplayIT::number).doesNotContain(1);
    }

    try (Switchgear next = connect("replaying-9")) {
      next.replay(
          queue,
          breaker,
          work -> {
            again.add(number(work));
            return ReplayResult.DONE;
          });
      assertThat(outcomes(20)).extracting(ReplayIT::number).doesNotHaveDuplicates();
    }
    assertThat(again).containsExactly(1);
  }

  @Test
  void theProducerIsFenced_everyItemStillHasOneOutcome() throws Exception {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch fenced = new CountDownLatch(1);
    release(probe, 1, 60);
    try (Switchgear gear = connect("replaying-10")) {
      gear.replay(
          queue,
          breaker,
          work -> {
            if (done.incrementAndGet() > 30) {
              fenced.await();
            }
            return ReplayResult.DONE;
          });
      Eventually.holds("some are done", () -> done.get() > 30);
      fence("switchgear-guard-checkout-replaying-10-replay-" + queue);
      fenced.countDown();

      assertThat(outcomes(60)).extracting(WorkOutcome::getItemId).doesNotHaveDuplicates();
    }
  }

  @Test
  void instancesComeAndGo_everyItemHasOneOutcome() throws Exception {
    AtomicInteger done = new AtomicInteger();
    ReplayHandler handler =
        work -> {
          done.incrementAndGet();
          return ReplayResult.DONE;
        };
    try (Switchgear staying = connect("replaying-11")) {
      staying.replay(queue, breaker, handler);
      release(probe, 1, 50);
      try (Switchgear passing = connect("replaying-12")) {
        passing.replay(queue, breaker, handler);
        release(probe, 51, 100);
        Eventually.holds("some are done", () -> done.get() > 60);
      }
      release(probe, 101, 150);

      assertThat(outcomes(150)).extracting(WorkOutcome::getItemId).doesNotHaveDuplicates();
    }
  }

  @Test
  void kafkaGoesAndComesBack_everyItemHasOneOutcome(@TempDir Path data) throws Exception {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch away = new CountDownLatch(1);
    try (TestKafka mortal = TestKafka.down(data);
        Switchgear gear = connect(mortal.bootstrapServers(), "replaying-13")) {
      mortal.goUp();
      TopicProvisioning.provision(
          Map.of("bootstrap.servers", mortal.bootstrapServers()), List.of(queue));
      try (KafkaProbe before = new KafkaProbe(mortal.bootstrapServers())) {
        release(before, 1, 40);
      }
      gear.replay(
          queue,
          breaker,
          work -> {
            if (done.incrementAndGet() > 20) {
              away.await();
            }
            return ReplayResult.DONE;
          });
      Eventually.holds("some are done", () -> done.get() > 20);
      mortal.goDown();
      away.countDown();

      mortal.goUp();
      try (KafkaProbe after = new KafkaProbe(mortal.bootstrapServers())) {
        List<WorkOutcome> outcomes =
            after.read(Topics.WORK_OUTCOMES, all -> itemIds(all).distinct().count() == 40);
        assertThat(outcomes).extracting(WorkOutcome::getItemId).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void closing_letsTheRunningHandlerFinishAndTakesNothingMore() throws Exception {
    release(probe, 1, "one");
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (Switchgear gear = connect("replaying-14")) {
      Replay replay =
          gear.replay(
              queue,
              breaker,
              work -> {
                started.countDown();
                assertThat(end.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
                return ReplayResult.DONE;
              });
      assertThat(started.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Thread closing = new Thread(replay::close);
      closing.start();
      release(probe, 2, "two");
      end.countDown();
      closing.join(BOUND.toMillis());

      assertThat(outcomes(1)).extracting(ReplayIT::number).containsExactly(1);
      assertThat(replay.isClosed()).isTrue();
    }
  }

  @Test
  void theTraceOfTheParkedWork_continuesInTheHandler() throws Exception {
    ParkedWork traced =
        ParkedWork.newBuilder(work(1, "one"))
            .setTraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .build();
    probe.put(Topics.replay(queue), "one", traced);
    List<String> traces = Collections.synchronizedList(new ArrayList<>());
    try (Switchgear gear = connect("replaying-15")) {
      gear.replay(
          queue,
          breaker,
          work -> {
            traces.add(Span.current().getSpanContext().getTraceId());
            return ReplayResult.DONE;
          });
      outcomes(1);
    }

    assertThat(traces).containsExactly("4bf92f3577b34da6a3ce929d0e0e4736");
  }

  @Test
  void aQueueIsReplayedOnceByAnInstance_andAgainAfterClosing() {
    try (Switchgear gear = connect("replaying-16")) {
      Replay first = gear.replay(queue, breaker, work -> ReplayResult.DONE);
      assertThatThrownBy(() -> gear.replay(queue, breaker, work -> ReplayResult.DONE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("queue " + queue + " is replayed by this instance already");
      first.close();

      assertThat(gear.replay(queue, breaker, work -> ReplayResult.DONE)).isNotSameAs(first);
    }
  }

  private static Switchgear connect(String instance) {
    return connect(kafka.bootstrapServers(), instance);
  }

  private static Switchgear connect(String bootstrapServers, String instance) {
    return Switchgear.builder(bootstrapServers, "checkout").instance(instance).build();
  }

  private void publish(State state, long epoch, int share) throws Exception {
    BreakerState published = States.unbuilt(state, epoch, share).setBreaker(breaker).build();
    probe.put(Topics.BREAKER_STATE, breaker, published);
  }

  private void release(KafkaProbe to, int first, int last) throws Exception {
    for (int i = first; i <= last; i++) {
      release(to, i, "key" + i);
    }
  }

  private void release(KafkaProbe to, int number, String key) throws Exception {
    Topic<ParkedWork> topic = Topics.replay(queue);
    to.put(topic, WorkPartition.of(queue, key, topic.partitions()), key, work(number, key));
  }

  private ParkedWork work(int number, String key) {
    return ParkedWork.newBuilder()
        .setItemId(queue + "-" + number)
        .setQueue(queue)
        .setWorkKey(key)
        .setBreaker(breaker)
        .setIdempotencyKey("order-" + number)
        .setPayload(ByteBuffer.wrap(new byte[] {1}))
        .setParkedBy("checkout-1")
        .setParkedAtMillis(1)
        .setAttempt(1)
        .build();
  }

  private static int number(ParkedWork work) {
    return number(work.getItemId());
  }

  private static int number(WorkOutcome outcome) {
    return number(outcome.getItemId());
  }

  private static int number(String itemId) {
    return Integer.parseInt(itemId.substring(itemId.lastIndexOf('-') + 1));
  }

  private List<WorkOutcome> outcomes(int wanted) {
    return probe
        .read(Topics.WORK_OUTCOMES, all -> itemIds(all).distinct().count() >= wanted)
        .stream()
        .filter(each -> each.getQueue().equals(queue))
        .toList();
  }

  private Stream<String> itemIds(List<WorkOutcome> all) {
    return all.stream().filter(each -> each.getQueue().equals(queue)).map(WorkOutcome::getItemId);
  }

  private List<ConsumerRecord<String, byte[]>> ours(List<ConsumerRecord<String, byte[]>> all) {
    return all.stream().filter(each -> each.key().startsWith(queue + "-")).toList();
  }

  private List<Observation> ofBreaker(List<Observation> all) {
    return all.stream()
        .filter(each -> each.getBreaker().equals(breaker) && each.getCalls() > 0)
        .toList();
  }

  private long committed() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin
          .listConsumerGroupOffsets("switchgear-replay-" + queue)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(each -> each.offset())
          .sum();
    }
  }

  private static void fence(String transactionalId) {
    try (var other =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "transactional.id", transactionalId),
            new StringSerializer(),
            new StringSerializer())) {
      other.initTransactions();
    }
  }

  private static boolean isFrom(ConsumerRecord<String, byte[]> letter, String topic) {
    return header(letter, "switchgear.topic").equals(topic);
  }

  private static String header(ConsumerRecord<String, byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
