package dev.switchgear.console.architecture.planted.guard;

import dev.switchgear.console.architecture.planted.guard.inner.CallsOuter;

public final class CallsInner {

  private CallsInner() {}

  public static void call() {
    CallsOuter.call();
  }
}
