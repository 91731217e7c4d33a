package dev.switchgear.console.view;

import dev.switchgear.breaker.evidence.ExcessTest;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Deployment;
import dev.switchgear.schemas.Evidence;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.InputOffset;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Suspect;
import dev.switchgear.schemas.SuspectDimension;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomTest;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Moves as a detector publishes them. */
public final class Moves {

  private static final double CALLS_PER_DAY = 8_640_000;
  private static final double FALSE_TRIPS = 0.001;

  /** By the clock of wherever the test runs. */
  private static final long AT =
      LocalDateTime.of(2026, 1, 2, 3, 4, 5)
          .atZone(ZoneId.systemDefault())
          .toInstant()
          .toEpochMilli();

  private Moves() {}

  /** Thirty of forty calls failed, and it opened. */
  public static BreakerTransition opened() {
    return opened(40);
  }

  /** What was published tells of so many calls, though the verdict was found on forty. */
  public static BreakerTransition opened(long toldCalls) {
    ExcessTest test = new ExcessTest(0.1);
    test.add(40, 30, 0, AT - 400);
    Evidence.Builder evidence =
        evidence()
            .setTest(SymptomTest.EXCESS)
            .setObjective(0.1)
            .setStrength(test.strength())
            .setStrengthWanted(test.strengthWanted(CALLS_PER_DAY, FALSE_TRIPS))
            .setSinceMillis(AT - 400)
            .setSinceCalls(toldCalls)
            .setSinceBad(30)
            .setCallsPerDay(CALLS_PER_DAY)
            .setCalls(12)
            .setFailed(11)
            .setRefusals(3)
            .setErrors(Map.of("503", 4L, "timeout", 26L))
            .setCallsByService(Map.of("cart", 10L, "checkout", 30L))
            .setBadByService(Map.of("checkout", 30L))
            .setSuspects(List.of(newVersion(), onlyVersion()))
            .setDeployment(new Deployment("payments", "2.3.1", AT - 240_000, 10, 3))
            .setExemplars(List.of("4bf92f3577b34da6a3ce929d0e0e4736"))
            .setInputs(
                List.of(
                    new InputOffset("switchgear.observations", 2, 1_041L),
                    new InputOffset("switchgear.observations", 2, 1_056L)));
    return move(8, State.CLOSED, State.OPEN, 0, "30 of 40 calls failed", evidence)
        .setSymptom(SymptomKind.ERRORS)
        .setUntilMillis(AT + 5_000)
        .build();
  }

  /** Forty of sixty timed calls were slow, of a thousand that were made, and it opened. */
  static BreakerTransition slow() {
    ExcessTest test = new ExcessTest(0.2);
    test.add(60, 40, 0, AT - 400);
    Evidence.Builder evidence =
        evidence()
            .setTest(SymptomTest.EXCESS)
            .setObjective(0.2)
            .setStrength(test.strength())
            .setStrengthWanted(test.strengthWanted(CALLS_PER_DAY, FALSE_TRIPS))
            .setSinceMillis(AT - 400)
            .setSinceCalls(60)
            .setSinceBad(40)
            .setCallsPerDay(CALLS_PER_DAY)
            .setCalls(1_000)
            .setSlow(20)
            .setUntimed(940);
    return move(8, State.CLOSED, State.OPEN, 0, "40 of 60 calls were slow", evidence)
        .setSymptom(SymptomKind.SLOWNESS)
        .build();
  }

  /** After a thousand calls, so many of them not timed. */
  static BreakerTransition closed(long untimed) {
    Evidence.Builder evidence =
        evidence().setEpochCalls(1_000).setEpochFromMillis(AT - 2_000).setEpochUntimed(untimed);
    return move(10, State.RECOVERING, State.CLOSED, 10_000, "well", evidence).build();
  }

  private static Suspect newVersion() {
    return new Suspect(
        SuspectDimension.VERSION, "checkout 1.4.2", 30L, 30L, 10L, 0L, AT - 180_000, 14.2);
  }

  private static Suspect onlyVersion() {
    return new Suspect(SuspectDimension.SERVICE, "checkout", 40L, 30L, 0L, 0L, 0L, 0.0);
  }

  /** The back-off was over. */
  public static BreakerTransition probing() {
    return probing("back-off is over", SymptomTest.NONE);
  }

  /** The same, otherwise told. */
  static BreakerTransition probing(String reason, SymptomTest test) {
    return move(9, State.OPEN, State.PROBING, 12, reason, evidence().setTest(test)).build();
  }

  /** Ten probes, all of them well. */
  public static BreakerTransition recovering() {
    Evidence.Builder evidence = evidence().setEpochCalls(10).setEpochFromMillis(AT - 2_000);
    return move(10, State.PROBING, State.RECOVERING, 100, "10 of 10 probes are well", evidence)
        .setUntilMillis(AT + 2_000)
        .build();
  }

  /** Somebody holds it. */
  public static BreakerTransition held() {
    return move(11, State.RECOVERING, State.HELD_OPEN, 0, "HOLD_OPEN by ana: a drill", evidence())
        .setWho("ana")
        .setUntilMillis(AT + 60_000)
        .build();
  }

  private static BreakerTransition.Builder move(
      long epoch, State from, State to, int share, String reason, Evidence.Builder evidence) {
    return BreakerTransition.newBuilder()
        .setBreaker("payments/charge")
        .setEpoch(epoch)
        .setFrom(from)
        .setTo(to)
        .setAdmittedShare(share)
        .setAtMillis(AT)
        .setReason(reason)
        .setPolicyVersion(3)
        .setEvidence(evidence.build());
  }

  private static Evidence.Builder evidence() {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(20e6, 30);
    latency.record(2e9, 10);
    return Evidence.newBuilder()
        .setTest(SymptomTest.NONE)
        .setFromMillis(AT - 1_000)
        .setToMillis(AT)
        .setCalls(0)
        .setAcceptedErrors(0.1)
        .setAcceptedSlow(0.2)
        .setFalseTripsPerDay(FALSE_TRIPS)
        .setErrors(Map.of())
        .setCallsByService(Map.of())
        .setBadByService(Map.of())
        .setExemplars(List.of())
        .setInputs(List.of())
        .setSuspects(List.of())
        .setLatencyNanos(
            new Histogram(
                latency.scale(),
                latency.zeroCount(),
                latency.offset(),
                Arrays.stream(latency.counts()).boxed().toList()));
  }
}
