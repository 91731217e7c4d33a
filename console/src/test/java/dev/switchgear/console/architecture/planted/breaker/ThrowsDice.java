package dev.switchgear.console.architecture.planted.breaker;

public final class ThrowsDice {

  private ThrowsDice() {}

  public static double chance() {
    return Math.random();
  }
}
