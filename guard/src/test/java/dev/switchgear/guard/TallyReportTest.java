package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyReportTest {

  private static final Identity IDENTITY =
      new Identity("checkout", "checkout-1", "1.2", "zone-a", "eu-west-1", 99);

  private final Tally tally = new Tally(new Epochs(7, 3, Epochs.NONE, 5, 0));
  private final Permit permit = new Permit(tally);
  private final TallyReport report = new TallyReport(tally, at(0), Sampling.EVERY_CALL);

  @Test
  void anObservationSaysWhoSawWhatWhenAndInWhichEpoch() {
    enter(3);
    permit.success(1_000);
    permit.success(1_024);
    permit.failure("IOException", 1_025);
    tally.turnstile().refuse();
    report.read(at(250));

    Observation seen = report.observe("payments", IDENTITY, 4);

    assertThat(seen.getBreaker()).isEqualTo("payments");
    assertThat(seen.getInstance()).isEqualTo("checkout-1");
    assertThat(seen.getServiceVersion()).isEqualTo("1.2");
    assertThat(seen.getSequence()).isEqualTo(4);
    assertThat(seen.getIncarnation()).isEqualTo(99);
    assertThat(seen.getFromMillis()).isEqualTo(1_000_000);
    assertThat(seen.getIntervalMillis()).isEqualTo(250);
    assertThat(seen.getEpoch()).isEqualTo(7);
    assertThat(seen.getRegionEpoch()).isEqualTo(3);
    assertThat(seen.getCallerEpoch()).isEqualTo(-1);
    assertThat(seen.getInstanceEpoch()).isEqualTo(5);
    assertThat(seen.getCalls()).isEqualTo(3);
    assertThat(seen.getErrors()).isEqualTo(Map.of("IOException", 1L));
    assertThat(seen.getRefusals()).isEqualTo(1);
    assertThat(seen.getLatencyNanos().getScale()).isEqualTo(3);
    assertThat(seen.getLatencyNanos().getOffset()).isEqualTo(79);
    assertThat(seen.getLatencyNanos().getCounts()).containsExactly(2L, 1L);
  }

  @Test
  void nothingHappened_thereIsNothingToTell() {
    report.read(at(250));

    assertThat(report.isActive()).isFalse();
  }

  @Test
  void aRunningCall_isToldWithItsAgeUntilItFinishes() {
    enter(1);
    report.read(at(250));
    report.read(at(3_250));
    assertThat(report.isActive()).isTrue();
    Observation hanging = report.observe("payments", IDENTITY, 1);

    permit.success(3_200_000_000L);
    report.read(at(3_500));
    Observation finished = report.observe("payments", IDENTITY, 2);

    assertThat(hanging.getInFlight()).isEqualTo(1);
    assertThat(hanging.getOldestInFlightMillis()).isEqualTo(3_000);
    assertThat(finished.getInFlight()).isZero();
    assertThat(finished.getOldestInFlightMillis()).isZero();
    assertThat(finished.getCalls()).isEqualTo(1);
  }

  @Test
  void aCancelledCall_isNoCallAndNoLongerRuns() {
    enter(1);
    permit.cancelled();
    report.read(at(250));

    assertThat(report.isActive()).isFalse();
  }

  @Test
  void notObserved_countsAreSummedOnSinceTheFirst() {
    report.read(at(250));
    enter(2);
    permit.success(5);
    report.read(at(500));
    permit.success(5);
    report.read(at(750));

    Observation seen = report.observe("payments", IDENTITY, 1);

    assertThat(seen.getCalls()).isEqualTo(2);
    assertThat(seen.getFromMillis()).isEqualTo(1_000_250);
    assertThat(seen.getIntervalMillis()).isEqualTo(500);
  }

  @Test
  void observed_nothingIsToldTwice() {
    enter(1);
    permit.failure("IOException", 5);
    report.read(at(250));
    report.observe("payments", IDENTITY, 1);
    report.read(at(500));

    assertThat(report.isActive()).isFalse();
  }

  @Test
  void sixteenErrorTypesAreNamed_theRestAreCountedTogether() {
    for (int i = 0; i < 40; i++) {
      enter(1);
      permit.failure("Error" + i, 5);
    }
    report.read(at(250));

    Observation seen = report.observe("payments", IDENTITY, 1);

    assertThat(seen.getErrors()).hasSize(17).containsEntry("Error15", 1L).containsEntry("*", 24L);
    assertThat(seen.getCalls()).isEqualTo(40);
  }

  @Test
  void anErrorTypeOfAnyLength_isCut() {
    enter(2);
    permit.failure("x".repeat(5_000), 5);
    permit.failure("x".repeat(6_000), 5);
    report.read(at(250));

    assertThat(report.observe("payments", IDENTITY, 1).getErrors())
        .isEqualTo(Map.of("x".repeat(100), 2L));
  }

  @Test
  void exemplars_areTheFirstFourTracesThatFailedInTheInterval() {
    for (int i = 1; i <= 6; i++) {
      enter(1);
      failTraced("%032x".formatted(i));
    }
    enter(1);
    permit.failure("IOException", 5);
    report.read(at(250));
    assertThat(report.observe("payments", IDENTITY, 1).getExemplars())
        .containsExactlyInAnyOrder(
            "%032x".formatted(1), "%032x".formatted(2), "%032x".formatted(3), "%032x".formatted(4));

    enter(1);
    failTraced("%032x".formatted(9));
    report.read(at(500));
    assertThat(report.observe("payments", IDENTITY, 2).getExemplars())
        .containsExactly("%032x".formatted(9));
  }

  @Test
  void anEndedEpoch_isOverOnlyWhenItsLastCallIsTold() {
    enter(1);
    tally.end();
    report.read(at(250));
    report.read(at(500));
    assertThat(report.isOver()).isFalse();

    permit.success(5);
    report.read(at(750));
    report.read(at(1_000));
    assertThat(report.isOver()).isFalse();

    report.observe("payments", IDENTITY, 1);
    report.read(at(1_250));
    report.read(at(1_500));
    assertThat(report.isOver()).isTrue();
    assertThat(tally.turnstile().enter()).isFalse();
  }

  @Test
  void aCallThatIsLateForAnEndedEpoch_isToldToo() {
    tally.end();
    report.read(at(250));
    enter(1);
    report.read(at(500));
    assertThat(report.isOver()).isFalse();

    permit.success(5);
    report.read(at(750));
    assertThat(report.observe("payments", IDENTITY, 1).getCalls()).isEqualTo(1);
    report.read(at(1_000));
    report.read(at(1_250));
    assertThat(report.isOver()).isTrue();
  }

  private void enter(int calls) {
    for (int i = 0; i < calls; i++) {
      assertThat(tally.turnstile().enter()).isTrue();
    }
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  private void failTraced(String traceId) {
    var context =
        SpanContext.create(
            traceId, "00f067aa0ba902b7", TraceFlags.getSampled(), TraceState.getDefault());
    try (Scope scope = Span.wrap(context).makeCurrent()) {
      permit.failure("IOException", 5);
    }
  }

  private static Reading at(long millis) {
    return new Reading(1_000_000 + millis, millis * 1_000_000);
  }
}
