package dev.switchgear.detector;

import static dev.switchgear.detector.Observations.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Breakers of the parts that a policy splits a breaker's calls into. */
class PartsTest {

  private static final String EU = BREAKER + "@eu-west-1";
  private static final String US = BREAKER + "@us-east-1";
  private static final String INSTANCE = BREAKER + "~checkout#checkout-eu-west-1";

  @TempDir private Path directory = Path.of("");

  private Lab lab = new Lab();
  private long sequence;

  @BeforeEach
  void split() throws IOException {
    replaceLab("default: { split: [region] }");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void replaceLab(String yaml, BreakerState... published) throws IOException {
    List<WrittenPolicy> file =
        PolicyFile.read(Files.writeString(directory.resolve("p.yaml"), yaml));
    lab.close();
    lab = new Lab(file, published);
  }

  @Test
  void wherePoliciesSayNothing_thereAreNoParts() throws IOException {
    replaceLab("default: {}");
    quarters(4, 0, 0);

    assertThat(lab.states).extracting(BreakerState::getBreaker).containsOnly(BREAKER);
  }

  @Test
  void partsArePublishedAsSoonAsTheyAreCalled() {
    quarters(1, 0, 0);

    assertThat(lab.states).extracting(BreakerState::getBreaker).containsExactly(BREAKER, EU, US);
  }

  @Test
  void oneSickRegion_opensItsOwnBreaker_andTheOtherCallsGoOn() {
    quarters(40, 0, 0);
    quarters(8, 25, 0);

    assertThat(last(EU).getState()).isEqualTo(State.OPEN);
    assertThat(last(BREAKER).getEpoch()).isZero();
    assertThat(last(US).getEpoch()).isZero();
    BreakerTransition opened = lab.transitions.get(0);
    assertThat(opened.getBreaker()).isEqualTo(EU);
    assertThat(opened.getReason()).contains("calls failed");
    assertThat(opened.getEvidence().getInputs()).isNotEmpty();
  }

  @Test
  void whereAllSuffer_theWholeOpens_andThePartsNeedNot() {
    quarters(40, 0, 0);
    quarters(4, 25, 25);

    assertThat(lab.transitions).extracting(BreakerTransition::getBreaker).containsOnly(BREAKER);
    assertThat(last(BREAKER).getState()).isEqualTo(State.OPEN);
  }

  @Test
  void aRegionComesBackByItsOwnProbes_whileTheWholeStaysClosed() {
    quarters(40, 0, 0);
    quarters(8, 25, 0);
    lab.wait(Duration.ofSeconds(7));
    assertThat(last(EU).getState()).isEqualTo(State.PROBING);
    quarters(80, 0, 0);

    assertThat(last(EU).getState()).isEqualTo(State.CLOSED);
    assertThat(last(BREAKER).getEpoch()).isZero();
  }

  @Test
  void aLateSuccessFromBeforeItOpened_doesNotEndProbing() {
    quarters(40, 0, 0);
    quarters(8, 25, 0);
    lab.wait(Duration.ofSeconds(7));
    long probing = last(EU).getEpoch();
    for (int i = 0; i < 8; i++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      lab.observe(calls("eu-west-1", 0).setRegionEpoch(0).build());
    }

    assertThat(last(EU).getState()).isEqualTo(State.PROBING);
    assertThat(last(EU).getEpoch()).isEqualTo(probing);
  }

  @Test
  void aPartCanBeHeldAndReleased() {
    quarters(1, 0, 0);
    long until = lab.now + 60_000;
    lab.command(lab.command(CommandKind.HOLD_OPEN, until).setBreaker(EU).build());

    assertThat(last(EU).getState()).isEqualTo(State.HELD_OPEN);
    assertThat(last(BREAKER).getState()).isEqualTo(State.CLOSED);

    lab.wait(Duration.ofSeconds(61));
    assertThat(last(EU).getState()).isNotEqualTo(State.HELD_OPEN);
  }

  @Test
  void afterTheLossOfEveryStore_aPartGoesOnFromWhatWasPublished() throws IOException {
    replaceLab("default: { split: [region] }", open(EU, 7), open(BREAKER + "@ap-south-1", 3));
    lab.wait(Duration.ofSeconds(70));

    assertThat(last(EU).getEpoch()).isEqualTo(8);
    assertThat(last(EU).getState()).isEqualTo(State.PROBING);
    assertThat(last(BREAKER + "@ap-south-1").getEpoch()).isEqualTo(4);
  }

  @Test
  void onePartTooMany_isJudgedWithAllOthersOnly() throws IOException {
    replaceLab("default: { split: [caller] }");
    for (int i = 0; i <= Parts.MOST; i++) {
      lab.observe(calls("eu-west-1", 0).setService("tenant-" + i).build());
    }

    assertThat(lab.states).hasSize(1 + Parts.MOST);
    assertThat(lab.metric("observations-not-judged-apart-total")).isEqualTo(1);
  }

  @Test
  void aCallerThatSuffersAlone_opensABreakerOfItsOwn() throws IOException {
    replaceLab("default: { split: [caller] }");
    for (int i = 0; i < 48; i++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      lab.observe(calls("eu-west-1", i < 40 ? 0 : 25).setService("cart").build());
      lab.observe(calls("eu-west-1", 0).build());
    }

    assertThat(lab.transitions)
        .extracting(BreakerTransition::getBreaker)
        .containsExactly(BREAKER + "~cart");
  }

  @Test
  void anInstanceThatSuffersAlone_opensABreakerOfItsOwn_andComesBackByItsProbes()
      throws IOException {
    replaceLab("default: { split: [instance] }");
    quarters(40, 0, 0);
    quarters(8, 25, 0);

    assertThat(last(INSTANCE).getState()).isEqualTo(State.OPEN);
    assertThat(last(BREAKER).getEpoch()).isZero();
    lab.wait(Duration.ofSeconds(7));
    quarters(80, 0, 0);
    assertThat(last(INSTANCE).getState()).isEqualTo(State.CLOSED);
    assertThat(lab.transitions)
        .extracting(BreakerTransition::getBreaker)
        .containsOnly(INSTANCE)
        .hasSizeGreaterThan(2);
  }

  @Test
  void anInstanceIsNotPublished_beforeItsBreakerMoves() throws IOException {
    replaceLab("default: { split: [instance] }");
    quarters(400, 0, 0);
    assertThat(lab.states).extracting(BreakerState::getBreaker).containsOnly(BREAKER);

    lab.command(lab.command(CommandKind.HOLD_OPEN, lab.now + 60_000).setBreaker(INSTANCE).build());
    assertThat(last(INSTANCE).getState()).isEqualTo(State.HELD_OPEN);
  }

  @Test
  void anInstanceThatIsSilent_makesRoomForAnother_whichOthersDoNot() throws IOException {
    replaceLab("default: { split: [caller, instance] }");
    for (int i = 0; i < Parts.MOST; i++) {
      lab.observe(calls("eu-west-1", 0).setInstance("old-" + i).build());
    }
    lab.observe(calls("eu-west-1", 0).setInstance("new-1").build());
    assertThat(lab.metric("observations-not-judged-apart-total")).isEqualTo(1);
    lab.observe(calls("eu-west-1", 0).setService("cart").setInstance("new-2").build());
    assertThat(lab.states).extracting(BreakerState::getBreaker).contains(BREAKER + "~cart");
    assertThat(lab.metric("observations-not-judged-apart-total")).isEqualTo(2);

    lab.wait(Duration.ofSeconds(72));
    lab.observe(calls("eu-west-1", 0).setInstance("new-3").build());
    assertThat(lab.metric("observations-not-judged-apart-total")).isEqualTo(2);
  }

  @Test
  void whenASickInstanceIsGone_itsBreakerIsClosed() throws IOException {
    replaceLab("default: { split: [instance] }");
    quarters(40, 0, 0);
    quarters(8, 25, 0);
    assertThat(last(INSTANCE).getState()).isEqualTo(State.OPEN);
    for (int minute = 0; minute < 12; minute++) {
      lab.wait(Duration.ofMinutes(1));
      lab.observe(calls("us-east-1", 0).build());
    }

    assertThat(last(INSTANCE).getState()).isEqualTo(State.CLOSED);
    assertThat(last(INSTANCE).getReason()).contains("nobody calls any more");
    assertThat(last(BREAKER).getEpoch()).isZero();
  }

  @Test
  void whereACallerSuffersWithAllItsInstances_onlyItsOwnBreakerOpens() throws IOException {
    replaceLab("default: { split: [caller, instance] }");
    for (int i = 0; i < 80; i++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      for (String instance : List.of("a", "b", "c")) {
        long failed = i < 40 ? 0 : 25;
        lab.observe(calls("eu", failed).setService("cart").setInstance(instance).build());
        lab.observe(calls("eu", 0).setInstance(instance).build());
      }
    }

    assertThat(lab.transitions)
        .extracting(BreakerTransition::getBreaker)
        .contains(BREAKER + "~cart")
        .containsOnly(BREAKER + "~cart");
  }

  @Test
  void wherePoliciesBeginToEnforce_instancesThatWereNotToldOf_areNotToldOfNow() throws Exception {
    replaceLab("default: { split: [instance], enforced: false }");
    quarters(4, 0, 0);
    lab.policy("*", 2, "split: [instance]\nenforced: true");
    lab.wait(Duration.ofSeconds(1));
    quarters(4, 0, 0);

    assertThat(last(BREAKER).getState()).isEqualTo(State.CLOSED);
    assertThat(lab.states).extracting(BreakerState::getBreaker).containsOnly(BREAKER);
  }

  @Test
  void aPartGoesByThePolicyOfItsWhole() throws IOException {
    replaceLab(
        """
        default: { split: [region] }
        breakers:
          payments/charge: { staleAfter: 44s }
          "*@us-east-1": { staleAfter: 55s }
        """);
    quarters(1, 0, 0);

    assertThat(last(EU).getStaleAfterMillis()).isEqualTo(44_000);
    assertThat(last(US).getStaleAfterMillis()).isEqualTo(55_000);
  }

  private void quarters(int count, long sickInEu, long sickInUs) {
    for (int i = 0; i < count; i++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      lab.observe(calls("eu-west-1", sickInEu).build());
      lab.observe(calls("us-east-1", sickInUs).build());
    }
  }

  /** A quarter of a second of one caller in a region, admitted under the epochs of today. */
  private Observation.Builder calls(String region, long failed) {
    long epoch = known(BREAKER) ? last(BREAKER).getEpoch() : 0;
    String part = BREAKER + "@" + region;
    Observation.Builder calls =
        failed > 0
            ? Observations.bad(25, epoch, ++sequence, lab.now)
            : Observations.good(25, epoch, ++sequence, lab.now);
    return calls
        .setInstance("checkout-" + region)
        .setRegion(region)
        .setRegionEpoch(known(part) ? last(part).getEpoch() : 0)
        .setInstanceEpoch(known(INSTANCE) ? last(INSTANCE).getEpoch() : 0);
  }

  private boolean known(String id) {
    return lab.states.stream().anyMatch(state -> state.getBreaker().equals(id));
  }

  private BreakerState last(String id) {
    return lab.states.stream()
        .filter(state -> state.getBreaker().equals(id))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private static BreakerState open(String id, long epoch) {
    return BreakerState.newBuilder()
        .setBreaker(id)
        .setState(State.OPEN)
        .setEpoch(epoch)
        .setAdmittedShare(0)
        .setReason("as it was")
        .setDecidedAtMillis(Lab.START - 1_000)
        .setUntilMillis(Lab.START + 5_000)
        .build();
  }
}
