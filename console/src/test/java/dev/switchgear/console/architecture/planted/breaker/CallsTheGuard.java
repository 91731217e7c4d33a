package dev.switchgear.console.architecture.planted.breaker;

import dev.switchgear.console.architecture.planted.guard.Guard;

public final class CallsTheGuard {

  private CallsTheGuard() {}

  public static void call() {
    Guard.call();
  }
}
