package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of the breakers that bind a guard decides. */
class BondsTest {

  private static final String CHARGE = "payments/charge";

  private final Board board = new Board(caller("eu-west-1"), Clocks.SYSTEM, States.UNTOLD);
  private final Gate gate = board.gate(CHARGE);

  BondsTest() {
    board.ready();
  }

  @AfterEach
  void close() {
    board.close();
  }

  @Test
  void aGuardIsBoundByItsDependency_itsOperation_itsRegion_itsServiceAndItsInstance() {
    assertThat(gate.bonds().all())
        .containsExactlyInAnyOrder(
            "payments",
            "payments@eu-west-1",
            "payments~checkout",
            "payments~checkout#checkout-7",
            "payments/charge",
            "payments/charge@eu-west-1",
            "payments/charge~checkout",
            "payments/charge~checkout#checkout-7");
  }

  @Test
  void anInstanceThatDoesNotSayWhereItIs_isBoundByNoRegion() {
    assertThat(Bonds.of("payments", caller(null)).all())
        .containsExactly("payments", "payments~checkout", "payments~checkout#checkout-7");
  }

  @Test
  void aGuardOfAPart_isBoundByItsWholeToo() {
    assertThat(Bonds.of("payments/charge@us-east-1", caller(null)).all())
        .contains("payments/charge@us-east-1", "payments/charge", "payments");
  }

  @Test
  void whatOpensAbove_refusesBelow_andIsNamed() {
    for (String id : gate.bonds().all()) {
      tell(id, State.OPEN, 1, 0);
      assertThat(gate.admit())
          .as(id)
          .isInstanceOfSatisfying(
              Refusal.class, refusal -> assertThat(refusal.breaker()).isEqualTo(id));
      tell(id, State.CLOSED, 2, 10_000);
      assertThat(gate.admit()).as(id).isInstanceOf(Permit.class);
    }
  }

  @Test
  void otherRegionsAndServicesAndOperations_areNoneOfItsBusiness() {
    tell("payments/charge@us-east-1", State.OPEN, 1, 0);
    tell("payments~cart", State.OPEN, 1, 0);
    tell("payments~checkout#checkout-8", State.OPEN, 1, 0);
    tell("payments~cart#checkout-7", State.OPEN, 1, 0);
    tell("payments/refund", State.OPEN, 1, 0);

    assertThat(gate.admit()).isInstanceOf(Permit.class);
  }

  @Test
  void ofOtherInstancesNothingIsKept() {
    tell("payments~checkout#checkout-8", State.OPEN, 1, 0);
    tell("payments~checkout#checkout-7", State.OPEN, 1, 0);

    assertThat(board.states())
        .extracting(BreakerState::getBreaker)
        .containsExactly("payments~checkout#checkout-7");
  }

  @Test
  void ofSeveralTheTightestDecides() {
    tell(CHARGE, State.RECOVERING, 1, 5_000);
    tell("payments", State.OPEN, 1, 0);
    tell("payments@eu-west-1", State.RECOVERING, 1, 100);

    assertThat(((Refusal) gate.admit()).breaker()).isEqualTo("payments");
  }

  @Test
  void whatIsHeldClosedBelow_isRefusedAbove() {
    tell(CHARGE, State.HELD_CLOSED, 1, 10_000);
    tell("payments", State.OPEN, 1, 0);

    assertThat(gate.admit()).isInstanceOf(Refusal.class);
  }

  @Test
  void aGuardMadeLater_isBoundByWhatIsKnown() {
    tell("search@eu-west-1", State.OPEN, 1, 0);

    assertThat(board.gate("search/query").admit()).isInstanceOf(Refusal.class);
  }

  @Test
  void callsCountForTheEpochsUnderWhichTheyWereAdmitted_alsoOfTheParts() {
    Permit first = (Permit) gate.admit();
    tell("payments/charge@eu-west-1", State.RECOVERING, 4, 10_000);
    Permit second = (Permit) gate.admit();

    tell("payments/charge~checkout#checkout-7", State.PROBING, 2, 500);
    Permit third = board.gate(CHARGE).admitReleased();

    assertThat(first.tally().epochs()).isEqualTo(new Epochs(0, 0, 0, 0, 0));
    assertThat(second.tally().epochs()).isEqualTo(new Epochs(0, 4, 0, 0, 0));
    assertThat(third.tally().epochs()).isEqualTo(new Epochs(0, 4, 0, 2, 0));
    assertThat(first.tally().hasEnded()).isTrue();
  }

  @Test
  void whatBindsWithoutBeingJudgedByTheCalls_beginsNoEpochOfThem() {
    Permit first = (Permit) gate.admit();
    tell("payments", State.RECOVERING, 4, 10_000);

    assertThat(gate.admit()).isSameAs(first);
  }

  private static Caller caller(@Nullable String region) {
    return new Caller("checkout", "checkout-7", null, null, region);
  }

  private void tell(String id, State state, long epoch, int share) {
    BreakerState told = States.unbuilt(state, epoch, share).setBreaker(id).build();
    board.accept(id, told);
  }
}
