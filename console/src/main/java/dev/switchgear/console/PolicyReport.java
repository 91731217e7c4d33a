package dev.switchgear.console;

import dev.switchgear.console.view.PolicyLines;
import dev.switchgear.detector.policy.PolicyChange;
import dev.switchgear.schemas.BreakerState;
import java.util.Collection;
import java.util.List;

/** Tells an operator what a plan would change, and for whom. */
final class PolicyReport {

  /** More names than that hide what stands above them. */
  private static final int MOST_NAMED = 10;

  private final Shell shell;
  private final PolicyPlan plan;
  private final PolicyLines lines;

  PolicyReport(Shell shell, PolicyPlan plan) {
    this.shell = shell;
    this.plan = plan;
    this.lines = new PolicyLines(shell.terminal().style());
  }

  /**
   * Tells all of it.
   *
   * @param known every breaker that anybody has called
   */
  void tell(Collection<BreakerState> known) {
    plan.changes().forEach(change -> lines.change(change, note(change)).forEach(shell::say));
    String fate =
        plan.prunes() ? "" : "not in " + plan.file() + "; stays, unless apply is told to --prune";
    plan.leftOver().forEach(change -> lines.change(change, fate).forEach(shell::say));
    if (plan.isEmpty()) {
      String subject = plan.leftOver().isEmpty() ? "The topic says" : "Otherwise the topic says";
      shell.say(subject + " what " + plan.file() + " says.");
    } else {
      shell.say(touched(known));
    }
  }

  private String note(PolicyChange change) {
    long version = plan.versionOf(change);
    if (plan.refused().contains(change.pattern())) {
      return "version "
          + version
          + "; what the topic holds is wrong, detectors go by the one before";
    }
    return "version " + version;
  }

  private String touched(Collection<BreakerState> known) {
    List<String> touched = plan.touched(known.stream().map(BreakerState::getBreaker).toList());
    if (touched.isEmpty()) {
      return "None of the " + known.size() + " known breakers goes by other rules then.";
    }
    String more = touched.size() > MOST_NAMED ? ", ..." : "";
    return touched.size()
        + " of "
        + known.size()
        + " known breakers "
        + (touched.size() == 1 ? "goes" : "go")
        + " by other rules then: "
        + String.join(", ", touched.subList(0, Math.min(MOST_NAMED, touched.size())))
        + more;
  }
}
