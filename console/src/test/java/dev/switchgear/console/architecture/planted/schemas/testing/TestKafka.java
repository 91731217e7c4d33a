package dev.switchgear.console.architecture.planted.schemas.testing;

public final class TestKafka {

  private TestKafka() {}

  public static void call() {}
}
