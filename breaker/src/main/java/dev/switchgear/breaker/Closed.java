package dev.switchgear.breaker;

import java.util.Optional;

/**
 * All calls pass. A symptom opens; one that comes sooner after a recovery than four times the
 * longest back-off counts as another failed recovery, so that a dependency which falls over under
 * full load is not asked again every few seconds.
 *
 * @param sinceMillis when traffic came back; 0 for a breaker that never tripped
 * @param failedRecoveries recoveries that failed before the last one, at least 0
 */
public record Closed(long sinceMillis, int failedRecoveries) implements State {

  /** A breaker that never tripped. */
  static final Closed INITIAL = new Closed(0, 0);

  private static final int RELAPSE_BACK_OFFS = 4;

  public Closed {
    Argument.atLeastZero("failedRecoveries", failedRecoveries);
  }

  @Override
  public int admittedShare() {
    return FULL_SHARE;
  }

  @Override
  public Optional<Change> onVerdict(Verdict verdict, Moment moment) {
    if (!(verdict instanceof Verdict.Failing failing)) {
      return Optional.empty();
    }
    boolean relapse =
        sinceMillis > 0
            && moment.nowMillis() - sinceMillis
                < RELAPSE_BACK_OFFS * moment.policy().backOff().longestMillis();
    Open open = moment.open(relapse ? failedRecoveries + 1 : 0);
    return Change.to(open, failing.symptom().describe());
  }

  @Override
  public Optional<Change> onTick(Moment moment) {
    return Optional.empty();
  }
}
