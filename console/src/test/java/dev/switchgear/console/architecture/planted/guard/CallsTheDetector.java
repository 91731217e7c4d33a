package dev.switchgear.console.architecture.planted.guard;

import dev.switchgear.console.architecture.planted.detector.Detector;

public final class CallsTheDetector {

  private CallsTheDetector() {}

  public static void call() {
    Detector.call();
  }
}
