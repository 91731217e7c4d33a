package dev.switchgear.console.architecture.planted.detector;

import java.time.Instant;

public final class ReadsTheClock {

  private ReadsTheClock() {}

  public static Instant now() {
    return Instant.now();
  }
}
