package dev.switchgear.console.architecture.planted.detector;

public final class Heartbeats {

  private Heartbeats() {}

  public static long now() {
    return System.currentTimeMillis();
  }
}
