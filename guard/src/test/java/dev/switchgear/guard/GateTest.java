package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static dev.switchgear.guard.States.closed;
import static dev.switchgear.guard.States.open;
import static dev.switchgear.guard.States.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.State;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {

  private static final int DRAWS = 100_000;

  private final Gate gate = States.gate();

  @Test
  void unjudged_admitsInEpochZero() {
    assertThat(gate.admit())
        .isInstanceOfSatisfying(Permit.class, permit -> assertThat(permit.epoch()).isZero());
  }

  @Test
  void admitted_everyCallGetsTheSamePermit() {
    assertThat(gate.admit()).isSameAs(gate.admit());
  }

  @Test
  void withNoShare_refusesEveryCallAndSaysWhy() {
    gate.obey(open(7));

    assertThat(gate.admit())
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.breaker()).isEqualTo(BREAKER);
              assertThat(refusal.epoch()).isEqualTo(7);
              assertThat(refusal.reason()).isEqualTo("half of the calls fail");
            });
    assertThat(admittedOf(DRAWS)).isZero();
  }

  @Test
  void retryAfter_isLengthenedByUpToAFifth_evenlyOverTheRefusalsOfOneState() {
    gate.obey(open(1));

    assertSpread(Stream.generate(gate::admit));
  }

  /** Who is refused first by each of many instances is not to come back with all the others. */
  @Test
  void retryAfter_isLengthenedByUpToAFifth_evenlyOverInstances() {
    assertSpread(Stream.generate(States::gate).peek(each -> each.obey(open(1))).map(Gate::admit));
  }

  /** Of a fifth of a second, evenly spread, the standard deviation is 58 ms. */
  private static void assertSpread(Stream<Admission> refusals) {
    double[] waits =
        refusals
            .limit(1_000)
            .mapToDouble(each -> ((Refusal) each).retryAfter().toNanos() / 1e6)
            .toArray();

    assertThat(waits).hasSize(1_000);
    for (double wait : waits) {
      assertThat(wait).isBetween(1_000.0, 1_200.0);
    }
    double mean = DoubleStream.of(waits).average().orElseThrow();
    double variance = DoubleStream.of(waits).map(x -> (x - mean) * (x - mean)).sum() / 1_000;
    assertThat(mean).isBetween(1_080.0, 1_120.0);
    assertThat(Math.sqrt(variance)).isBetween(50.0, 70.0);
  }

  @Test
  void withAShare_admitsThatShareAtRandom() {
    gate.obey(state(State.RECOVERING, 1, 2_500));

    // 25,000 expected, standard deviation 137; ten of them are never exceeded.
    assertThat(admittedOf(DRAWS)).isBetween(23_600, 26_400);
  }

  @ParameterizedTest
  @EnumSource(names = {"HELD_CLOSED", "SHADOW"})
  void heldClosedOrShadow_admitsAllWhateverTheShare(State held) {
    gate.obey(state(held, 1, 0));

    assertThat(admittedOf(DRAWS)).isEqualTo(DRAWS);
  }

  @ParameterizedTest
  @EnumSource(names = {"HELD_CLOSED", "SHADOW"})
  void heldClosedOrShadow_isToldOfAllCallsAndErrors_andOfNoRefusal(State held) {
    try (TestGear test = TestGear.of("checkout")) {
      Guard guard = test.gear().guard(BREAKER);
      test.publish(state(held, 7, 0));
      for (int i = 0; i < 100; i++) {
        Permit permit = (Permit) guard.admit();
        if (i < 60) {
          permit.failure("IOException", 1_000);
        } else {
          permit.success(1_000);
        }
      }

      assertThat(test.seen(BREAKER))
          .isEqualTo(new TestGear.Seen(100, Map.of("IOException", 60L), 0, 0));
    }
  }

  @Test
  void heldOpen_refusesAllWhateverTheShare() {
    gate.obey(state(State.HELD_OPEN, 1, 10_000));

    assertThat(admittedOf(DRAWS)).isZero();
  }

  @Test
  void released_isAdmittedByABreakerThatRefusesOthers() {
    gate.obey(state(State.RECOVERING, 3, 0));

    assertThat(gate.admitReleased().epoch()).isEqualTo(3);
  }

  @Test
  void aNewEpoch_admitsUnderItsOwnPermit() {
    Permit before = (Permit) gate.admit();
    gate.obey(closed(5));

    assertThat(before.epoch()).isZero();
    assertThat(((Permit) gate.admit()).epoch()).isEqualTo(5);
  }

  @Test
  void theSameEpochAgain_keepsItsTally() {
    gate.obey(closed(5));
    Admission before = gate.admit();
    gate.obey(closed(5));

    assertThat(gate.admit()).isSameAs(before);
    assertThat(gate.tallies()).hasSize(2);
  }

  @Test
  void pastEpochs_areBounded() {
    for (long epoch = 1; epoch <= 100; epoch++) {
      gate.obey(closed(epoch));
    }

    assertThat(gate.tallies()).hasSize(Gate.PAST_EPOCHS + 1);
    assertThat(gate.tallies().get(0).epoch()).isEqualTo(100 - Gate.PAST_EPOCHS);
  }

  private int admittedOf(int draws) {
    int admitted = 0;
    for (int i = 0; i < draws; i++) {
      if (gate.admit() instanceof Permit) {
        admitted++;
      }
    }
    return admitted;
  }

  @Test
  void aRetiredGateThatIsJudgedAllTheSame_isRevivedByTheNextCall() {
    AtomicInteger revivals = new AtomicInteger();
    Gate mayRetire =
        new Gate(
            Bonds.of(BREAKER, Bonds.NOBODY),
            States.UNTOLD,
            retired -> {
              revivals.incrementAndGet();
              retired.reopen(List.of());
            });
    mayRetire.retire();
    mayRetire.judgeLocally(States.open(1), 1);

    assertThat(mayRetire.admit()).isInstanceOf(Permit.class);
    assertThat(revivals).hasValue(1);
  }
}
