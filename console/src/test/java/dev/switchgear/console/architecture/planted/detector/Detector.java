package dev.switchgear.console.architecture.planted.detector;

public final class Detector {

  private Detector() {}

  public static void call() {}
}
