package dev.switchgear.console.architecture.planted.breaker;

public final class StartsAThread {

  private StartsAThread() {}

  public static Thread current() {
    return Thread.currentThread();
  }
}
