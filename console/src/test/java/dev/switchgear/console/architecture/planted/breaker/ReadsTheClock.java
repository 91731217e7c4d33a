package dev.switchgear.console.architecture.planted.breaker;

public final class ReadsTheClock {

  private ReadsTheClock() {}

  public static long now() {
    return System.currentTimeMillis();
  }
}
