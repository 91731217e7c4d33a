package dev.switchgear.console.architecture.planted.detector;

import dev.switchgear.console.architecture.planted.recovery.Recovery;

public final class CallsRecovery {

  private CallsRecovery() {}

  public static void call() {
    Recovery.call();
  }
}
