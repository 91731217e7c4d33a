package dev.switchgear.console.architecture.planted.recovery;

public final class Recovery {

  private Recovery() {}

  public static void call() {}
}
