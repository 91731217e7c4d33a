package dev.switchgear.console.architecture.planted.console;

public final class Console {

  private Console() {}

  public static void call() {}
}
