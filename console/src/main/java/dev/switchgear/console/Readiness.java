package dev.switchgear.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows health checks that a part works: a file whose time is fresh. A look at a file costs
 * nothing, unlike a virtual machine that asks.
 */
final class Readiness {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private Readiness() {}

  /**
   * Shows it until the thread is interrupted; then the file is gone.
   *
   * @param file null if nobody asks
   */
  static void show(Fleet.Starting part, @Nullable Path file)
      throws InterruptedException, IOException {
    CountDownLatch forEver = new CountDownLatch(1);
    try {
      do {
        if (file != null && part.awaitRunning(Duration.ZERO)) {
          Files.writeString(file, Instant.now() + "\n");
        }
      } while (!forEver.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } finally {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    }
  }
}
