package dev.switchgear.console.architecture.planted.guard.inner;

import dev.switchgear.console.architecture.planted.guard.Guard;

public final class CallsOuter {

  private CallsOuter() {}

  public static void call() {
    Guard.call();
  }
}
