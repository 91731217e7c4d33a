package dev.switchgear.recovery;

import dev.switchgear.schemas.testing.ChildJvm;
import dev.switchgear.schemas.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Recovery-actions in a process of its own. */
final class RecoveryProcess {

  private RecoveryProcess() {}

  public static void main(String[] arguments) throws Exception {
    RecoverySettings settings =
        new RecoverySettings(
            arguments[0], arguments[1], Path.of(arguments[2]), 1, 1_000, 100, 3, Map.of());
    RecoveryActions recovery = RecoveryActions.start(settings);
    boolean running = recovery.awaitRunning(Eventually.BOUND);
    System.out.println(running ? ChildJvm.READY : "not running");
    int ended = System.in.read();
    recovery.close();
    System.exit(ended < 0 ? 0 : 1);
  }

  /** Starts one. */
  static ChildJvm start(String bootstrapServers, String applicationId, Path state)
      throws IOException {
    return ChildJvm.start(
        RecoveryProcess.class, List.of(bootstrapServers, applicationId, state.toString()));
  }
}
