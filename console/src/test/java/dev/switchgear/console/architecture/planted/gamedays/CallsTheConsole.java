package dev.switchgear.console.architecture.planted.gamedays;

import dev.switchgear.console.architecture.planted.console.Console;

public final class CallsTheConsole {

  private CallsTheConsole() {}

  public static void call() {
    Console.call();
  }
}
