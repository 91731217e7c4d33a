package dev.switchgear.console;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.State;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a decision out of the detector's hands, for a while. */
@Command(
    name = "hold",
    header = "Hold a breaker open or closed, or only watch it, for a while.",
    description = "The hold ends by itself. Until then no symptom moves the breaker.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear hold payments/charge --open --for 10m --why \"provider maintenance\"",
      "  switchgear hold search/query --closed --for 1h --why \"false alarm, see #812\"",
      "  switchgear hold search/query --shadow --for 1d --why \"new policy, judged only\""
    })
final class HoldCommand implements Callable<Integer> {

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();
  @Mixin private final Signature signature = new Signature();

  @Parameters(paramLabel = "BREAKER", description = "Which, as switchgear breakers names it.")
  private String breaker = "";

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Kind kind = new Kind();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      required = true,
      converter = HoldLength.class,
      description = "How long: 90s, 10m, 2h, 1d.")
  private Duration length = Duration.ZERO;

  HoldCommand(Shell shell) {
    this.shell = shell;
  }

  /** Exactly one of them; picocli sees to that. */
  static final class Kind {

    private CommandKind command = CommandKind.UNKNOWN;
    private State state = State.UNKNOWN;

    @Option(names = "--open", description = "Refuse every call.")
    void open(boolean given) {
      choose(given, CommandKind.HOLD_OPEN, State.HELD_OPEN);
    }

    @Option(names = "--closed", description = "Let every call through.")
    void closed(boolean given) {
      choose(given, CommandKind.HOLD_CLOSED, State.HELD_CLOSED);
    }

    @Option(names = "--shadow", description = "Judge and publish, but let every call through.")
    void shadow(boolean given) {
      choose(given, CommandKind.SHADOW, State.SHADOW);
    }

    private void choose(boolean given, CommandKind chosen, State wanted) {
      if (given) {
        command = chosen;
        state = wanted;
      }
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    signature.why();
    long until = System.currentTimeMillis() + length.toMillis();
    Cluster kafka = Cluster.reach(cluster.settings(shell)).requireTopics();
    return new Order(shell, kafka)
        .give(breaker, kind.command, signature, until, state -> isHeld(state, until));
  }

  private boolean isHeld(BreakerState state, long until) {
    return state.getState() == kind.state && state.getUntilMillis() == until;
  }
}
