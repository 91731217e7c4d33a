package dev.switchgear.guard;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when a test says so. */
final class HandClocks extends Clocks {

  private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

  @Override
  long nanos() {
    return nanos.get();
  }

  @Override
  long millis() {
    return nanos.get() / 1_000_000;
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
