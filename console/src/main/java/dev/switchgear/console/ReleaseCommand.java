package dev.switchgear.console;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.CommandKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Gives a held breaker back to the detector. */
@Command(
    name = "release",
    header = "End a hold before its time.",
    footerHeading = "%nExample:%n",
    footer = "  switchgear release payments/charge --why \"maintenance is over\"")
final class ReleaseCommand implements Callable<Integer> {

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();
  @Mixin private final Signature signature = new Signature();

  @Parameters(paramLabel = "BREAKER", description = "Which, as switchgear breakers names it.")
  private String breaker = "";

  ReleaseCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    signature.why();
    Cluster kafka = Cluster.reach(cluster.settings(shell)).requireTopics();
    return new Order(shell, kafka)
        .give(breaker, CommandKind.RELEASE, signature, 0, ReleaseCommand::isFree);
  }

  private static boolean isFree(BreakerState state) {
    return switch (state.getState()) {
      case HELD_OPEN, HELD_CLOSED, SHADOW -> false;
      default -> true;
    };
  }
}
