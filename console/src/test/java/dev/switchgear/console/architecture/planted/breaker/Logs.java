package dev.switchgear.console.architecture.planted.breaker;

import org.slf4j.LoggerFactory;

public final class Logs {

  private Logs() {}

  public static boolean isVerbose() {
    return LoggerFactory.getLogger(Logs.class).isDebugEnabled();
  }
}
