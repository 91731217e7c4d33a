package dev.switchgear.console.architecture.planted.guard;

public final class Guard {

  private Guard() {}

  public static void call() {}
}
