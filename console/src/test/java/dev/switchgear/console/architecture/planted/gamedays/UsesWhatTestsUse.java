package dev.switchgear.console.architecture.planted.gamedays;

import dev.switchgear.console.architecture.planted.schemas.testing.TestKafka;

public final class UsesWhatTestsUse {

  private UsesWhatTestsUse() {}

  public static void call() {
    TestKafka.call();
  }
}
