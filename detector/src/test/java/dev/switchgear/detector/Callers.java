package dev.switchgear.detector;

import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A guard's reports, four a second: twelve calls each, all of them failed or none. */
final class Callers implements AutoCloseable {

  private static final int CALLS = 12;

  private final KafkaProbe probe;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final long incarnation = System.currentTimeMillis();
  private long sequence;
  volatile boolean failing;
  volatile long epoch;

  Callers(KafkaProbe probe) {
    this.probe = probe;
    start();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Ends with the timer.
  private void start() {
    timer.scheduleAtFixedRate(this::report, 0, Observations.INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void report() {
    try {
      long now = System.currentTimeMillis();
      sequence++;
      var observation =
          failing
              ? Observations.bad(CALLS, epoch, sequence, now)
              : Observations.good(CALLS, epoch, sequence, now);
      probe.put(
          Topics.OBSERVATIONS,
          Observations.BREAKER,
          observation.setIncarnation(incarnation).build());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    Eventually.holds("The last report is written", timer::isTerminated);
  }
}
