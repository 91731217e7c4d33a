package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static dev.switchgear.guard.States.closed;
import static dev.switchgear.guard.States.open;
import static dev.switchgear.guard.States.state;
import static dev.switchgear.guard.States.unbuilt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BoardTest {

  private final Board board = new Board();

  @AfterEach
  void close() {
    board.close();
  }

  @Test
  void beforeEverythingIsRead_nothingIsObeyed() {
    board.accept(BREAKER, open(5));

    assertThat(board.gate(BREAKER).admit()).isInstanceOf(Permit.class);
    assertThat(board.state(BREAKER)).isEmpty();
    assertThat(board.states()).isEmpty();
  }

  @Test
  void onceEverythingIsRead_theLastStateIsObeyed() {
    Gate before = board.gate(BREAKER);
    board.accept(BREAKER, open(5));
    board.ready();

    assertThat(before.admit()).isInstanceOf(Refusal.class);
    assertThat(board.state(BREAKER)).contains(open(5));
    assertThat(board.states()).containsExactly(open(5));
  }

  @Test
  void aGuardMadeLater_obeysWhatIsKnown() {
    board.ready();
    board.accept(BREAKER, open(5));

    assertThat(board.gate(BREAKER).admit()).isInstanceOf(Refusal.class);
  }

  @Test
  void anUnknownBreaker_isAdmittedInEpochZero() {
    board.ready();

    assertThat(board.gate("search").admit())
        .isInstanceOfSatisfying(Permit.class, permit -> assertThat(permit.epoch()).isZero());
  }

  @Test
  void aLowerEpoch_isNotObeyedAndCounted() {
    board.ready();
    board.accept(BREAKER, open(5));
    board.accept(BREAKER, closed(4));

    assertThat(board.gate(BREAKER).admit()).isInstanceOf(Refusal.class);
    assertThat(board.refused()).isEqualTo(1);
  }

  @Test
  void theSameEpochAgain_changesNothingAndIsNoFault() {
    board.ready();
    board.accept(BREAKER, open(5));
    board.accept(BREAKER, closed(5));

    assertThat(board.state(BREAKER)).contains(open(5));
    assertThat(board.refused()).isZero();
  }

  @Test
  void aRefusal_namesTracesOfTheCallsThatLedToIt_alsoWhenOnlyTheTimeoutIsNews() {
    board.ready();
    BreakerState first = unbuilt(State.OPEN, 5, 0).setExemplars(List.of("0af7")).build();
    board.accept(BREAKER, first);
    board.accept(BREAKER, unbuilt(State.OPEN, 5, 0).setRecommendedTimeoutMillis(70).build());

    assertThat(board.gate(BREAKER).admit())
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exemplars()).containsExactly("0af7"));
    assertThat(board.gate(BREAKER).recommendedTimeoutNanos()).isEqualTo(70_000_000);
  }

  @Test
  void theTopicReadAgainFromItsStart_changesNothing() {
    board.ready();
    Stream.of(closed(1), open(2), closed(3)).forEach(each -> board.accept(BREAKER, each));
    Admission before = board.gate(BREAKER).admit();
    Stream.of(closed(1), open(2), closed(3)).forEach(each -> board.accept(BREAKER, each));

    assertThat(board.gate(BREAKER).admit()).isSameAs(before);
  }

  @Test
  void aTombstone_closesButForgetsNoEpoch() {
    board.ready();
    board.accept(BREAKER, open(5));
    board.accept(BREAKER, null);
    assertThat(board.gate(BREAKER).admit())
        .isInstanceOfSatisfying(Permit.class, permit -> assertThat(permit.epoch()).isEqualTo(5));

    board.accept(BREAKER, open(4));
    assertThat(board.gate(BREAKER).admit()).isInstanceOf(Permit.class);

    board.accept(BREAKER, open(6));
    assertThat(board.gate(BREAKER).admit()).isInstanceOf(Refusal.class);
  }

  @Test
  void theTopicReadAgainFromItsStart_withATombstoneOnIt_changesNothing() {
    board.ready();
    List<Optional<BreakerState>> topic =
        List.of(Optional.of(open(5)), Optional.empty(), Optional.of(open(6)));
    topic.forEach(each -> board.accept(BREAKER, each.orElse(null)));
    assertThat(board.gate(BREAKER).admit()).isInstanceOf(Refusal.class);

    topic.forEach(each -> board.accept(BREAKER, each.orElse(null)));

    assertThat(board.gate(BREAKER).admit())
        .isInstanceOfSatisfying(Refusal.class, why -> assertThat(why.epoch()).isEqualTo(6));
  }

  @Test
  void aTombstoneOfAnUnknownBreaker_isNothing() {
    board.ready();
    board.accept(BREAKER, null);

    assertThat(board.states()).isEmpty();
  }

  static Stream<BreakerState> absurdStates() {
    return Stream.of(
        state(State.OPEN, 6, -1),
        state(State.RECOVERING, 6, 20_000),
        state(State.UNKNOWN, 6, 0),
        state(State.OPEN, -1, 0),
        unbuilt(State.OPEN, 6, 0).setRetryAfterMillis(-1).build(),
        unbuilt(State.OPEN, 6, 0).setBreaker("search").build());
  }

  @ParameterizedTest
  @MethodSource("absurdStates")
  void anAbsurdState_isNotBelievedAndCounted(BreakerState absurd) {
    board.ready();
    board.accept(BREAKER, closed(5));
    board.accept(BREAKER, absurd);

    assertThat(board.gate(BREAKER).admit()).isInstanceOf(Permit.class);
    assertThat(board.states()).containsExactly(closed(5));
    assertThat(board.refused()).isEqualTo(1);
  }

  @Test
  void anAbsurdState_doesNotHoldUpTheNext() {
    board.ready();
    board.accept(BREAKER, state(State.RECOVERING, 9, 20_000));
    board.accept(BREAKER, open(6));

    assertThat(board.state(BREAKER)).contains(open(6));
  }

  @Test
  void ofAFleetOfMoreBreakersThanOneProcessGuards_itsOwnAreObeyed() {
    board.ready();
    Gate guarded = board.gate(BREAKER);
    for (int i = 0; i < 10_000; i++) {
      board.accept(
          "other-" + i, States.unbuilt(State.CLOSED, 1, 10_000).setBreaker("other-" + i).build());
    }

    board.accept(BREAKER, open(6));

    assertThat(guarded.admit()).isInstanceOf(Refusal.class);
  }

  @Test
  void listeners_hearOfAStateAfterGuardsObeyIt() throws InterruptedException {
    board.ready();
    BlockingQueue<Admission> heard = new LinkedBlockingQueue<>();
    board.onChange(state -> heard.add(board.gate(BREAKER).admit()));
    board.accept(BREAKER, open(5));

    assertThat(heard.poll(10, TimeUnit.SECONDS)).isInstanceOf(Refusal.class);
  }

  @Test
  void listeners_thatEnd_makeRoom() throws InterruptedException {
    board.ready();
    BlockingQueue<BreakerState> heard = new LinkedBlockingQueue<>();
    for (int i = 0; i < 1_000; i++) {
      board.onChange(state -> heard.add(open(1))).close();
    }
    board.onChange(heard::add);
    board.accept(BREAKER, open(5));

    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(open(5));
  }

  @Test
  void listeners_thatThrowOrBlock_harmNobody() throws InterruptedException {
    board.ready();
    CountDownLatch end = new CountDownLatch(1);
    BlockingQueue<BreakerState> heard = new LinkedBlockingQueue<>();
    board.onChange(
        state -> {
          throw new IllegalStateException("a listener's fault");
        });
    board.onChange(state -> await(end));
    board.onChange(heard::add);
    for (long epoch = 1; epoch <= 3_000; epoch++) {
      board.accept(BREAKER, closed(epoch));
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(closed(epoch));
    }
    end.countDown();
  }

  @Test
  void aNameThatCannotBeAKey_isRefused() {
    assertThatThrownBy(() -> board.gate(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("breaker: \" \"")
        .hasMessageContaining("1..255");
  }

  @Test
  void moreGuardsThanThereCanBeDependencies_areRefused() {
    for (int i = 0; i < 10_000; i++) {
      board.gate("dependency-" + i);
    }

    assertThatThrownBy(() -> board.gate("one-more"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one-more")
        .hasMessageContaining("at most 10000");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
