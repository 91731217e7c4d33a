package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules, by Kafka's own stand-in for a consumer; PausingConsumerIT has a broker. */
class PausingConsumerTest {

  private static final TopicPartition ONE = new TopicPartition("orders", 0);
  private static final TopicPartition TWO = new TopicPartition("orders", 1);
  private static final Duration SOON = Duration.ofMillis(1);

  private final HandClocks clocks = new HandClocks();
  private final Gate gate = States.gate();
  private final MockConsumer<String, String> kafka = new MockConsumer<>("earliest");
  private final PausingConsumer<String, String> consumer =
      new PausingConsumer<>(kafka, gate.guard(), clocks);
  private final List<String> handled = new ArrayList<>();

  @BeforeEach
  void assign() {
    kafka.assign(List.of(ONE, TWO));
    kafka.updateBeginningOffsets(Map.of(ONE, 0L, TWO, 0L));
  }

  private void records(TopicPartition partition, int from, int to) {
    for (int i = from; i < to; i++) {
      kafka.addRecord(record(partition, i));
    }
  }

  private static ConsumerRecord<String, String> record(TopicPartition partition, int offset) {
    String value = partition.partition() + "/" + offset;
    return new ConsumerRecord<>("orders", partition.partition(), offset, "", value);
  }

  private int poll() throws Exception {
    return consumer.poll(SOON, order -> handled.add(order.value()));
  }

  /** It usually handles about a hundred records a second. */
  private void usual() throws Exception {
    records(ONE, 0, 100);
    clocks.pass(Duration.ofSeconds(1));
    poll();
    handled.clear();
  }

  @Test
  void whileAllIsAdmitted_itIsAConsumer() throws Exception {
    records(ONE, 0, 2);
    records(TWO, 0, 1);

    assertThat(poll()).isEqualTo(3);
    assertThat(handled).containsExactlyInAnyOrder("0/0", "0/1", "1/0");
    assertThat(consumer.isHolding()).isFalse();
  }

  @Test
  void whileNothingIsAdmitted_itIsPaused_andSoIsWhatComesInARebalance() throws Exception {
    gate.obey(States.open(1));
    poll();
    assertThat(kafka.paused()).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(consumer.isHolding()).isTrue();

    TopicPartition three = new TopicPartition("orders", 2);
    kafka.assign(List.of(TWO, three));
    kafka.updateBeginningOffsets(Map.of(three, 0L));
    records(three, 0, 5);
    poll();

    assertThat(handled).isEmpty();
    assertThat(kafka.paused()).contains(three);
    assertThat(kafka.position(three)).isZero();
  }

  @Test
  void whenAllIsAdmittedAgain_itGoesOnWhereItWas() throws Exception {
    gate.obey(States.open(1));
    poll();
    records(ONE, 0, 3);
    poll();
    gate.obey(States.closed(2));

    assertThat(poll()).isEqualTo(3);
    assertThat(kafka.paused()).isEmpty();
    assertThat(handled).containsExactly("0/0", "0/1", "0/2");
  }

  @Test
  void whenTheBreakerOpensInTheMiddle_theRestComesAgain() throws Exception {
    records(ONE, 0, 5);
    consumer.poll(
        SOON,
        order -> {
          handled.add(order.value());
          if (order.offset() == 1) {
            gate.obey(States.open(1));
          }
        });
    assertThat(handled).containsExactly("0/0", "0/1");
    assertThat(kafka.position(ONE)).isEqualTo(2);
  }

  @Test
  void inTheRamp_itTakesTheAdmittedShareOfItsUsualRate_andPutsBackTheRest() throws Exception {
    usual();
    gate.obey(States.state(State.RECOVERING, 1, 2_500));
    for (int second = 0; second < 40; second++) {
      int next = (int) kafka.position(TWO);
      records(TWO, next, next + 90);
      clocks.pass(Duration.ofSeconds(1));
      poll();
      assertThat(kafka.position(TWO)).isEqualTo(handled.size());
    }
    assertThat(handled).hasSizeBetween(800, 1_200);
    for (int i = 0; i < handled.size(); i++) {
      assertThat(handled.get(i)).isEqualTo("1/" + i);
    }
  }

  @Test
  void whileItIsPaused_theFleetSeesWhatIsWanted() throws Exception {
    usual();
    gate.obey(States.open(1));
    for (int i = 0; i < 100; i++) {
      clocks.pass(Duration.ofMillis(100));
      poll();
    }
    long refusals = gate.tallies().stream().mapToLong(each -> each.turnstile().refused()).sum();
    assertThat(refusals).isBetween(950L, 1_050L);
  }

  @Test
  void whatTheHandlerThrows_countsAsFailed_andItsRecordComesAgain() throws Exception {
    records(ONE, 0, 3);

    assertThatThrownBy(() -> consumer.poll(SOON, PausingConsumerTest::failAtOne))
        .isInstanceOf(IOException.class);
    assertThat(kafka.position(ONE)).isEqualTo(1);
  }

  private static void failAtOne(ConsumerRecord<String, String> order) throws IOException {
    if (order.offset() == 1) {
      throw new IOException("connection reset");
    }
  }

  @Test
  void whatTheUserPauses_staysPaused() throws Exception {
    kafka.pause(List.of(ONE));
    gate.obey(States.open(1));
    poll();
    consumer.pause(List.of(TWO));
    gate.obey(States.closed(2));
    poll();
    assertThat(kafka.paused()).containsExactlyInAnyOrder(ONE, TWO);

    consumer.resume(Set.of(TWO));
    assertThat(kafka.paused()).containsExactly(ONE);
  }

  @Test
  void whatTheUserResumesWhileItHolds_isResumedAfterwards() throws Exception {
    consumer.pause(List.of(TWO));
    gate.obey(States.open(1));
    poll();
    consumer.resume(List.of(TWO));
    poll();
    assertThat(kafka.paused()).containsExactlyInAnyOrder(ONE, TWO);

    gate.obey(States.closed(2));
    poll();
    assertThat(kafka.paused()).isEmpty();
  }

  @Test
  void whatTheUserPausedBeforeARebalance_isNotPausedForEver() throws Exception {
    consumer.pause(List.of(TWO));
    kafka.resume(List.of(TWO)); // A consumer forgets this of what it loses, its stand-in does not.
    kafka.assign(List.of(ONE));
    kafka.assign(List.of(ONE, TWO));

    gate.obey(States.open(1));
    poll();
    assertThat(kafka.paused()).containsExactlyInAnyOrder(ONE, TWO);
    gate.obey(States.closed(2));
    poll();
    assertThat(kafka.paused()).isEmpty();
  }

  @Test
  void admittedTurnsForWhichThereIsNoRecord_areGivenBack() throws Exception {
    usual();
    gate.obey(States.state(State.PROBING, 1, 9_999));
    clocks.pass(Duration.ofSeconds(1));

    assertThat(poll()).isZero();
    List<Tally> tallies = gate.tallies();
    Turnstile newest = tallies.get(tallies.size() - 1).turnstile();
    assertThat(newest.entered()).isPositive().isEqualTo(newest.cancelled());
  }
}
