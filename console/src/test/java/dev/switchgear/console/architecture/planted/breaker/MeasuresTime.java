package dev.switchgear.console.architecture.planted.breaker;

public final class MeasuresTime {

  private MeasuresTime() {}

  public static long now() {
    return System.nanoTime();
  }
}
