package dev.switchgear.console.architecture.planted.breaker;

import java.nio.file.Path;

public final class ReadsAFile {

  private ReadsAFile() {}

  public static boolean exists() {
    return Path.of("policy").isAbsolute();
  }
}
