package dev.switchgear.console;

import dev.switchgear.guard.FleetRateLimiter;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.schemas.testing.ChildJvm;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An instance that wants so many calls a second of a limit, all the time. */
final class QuotaCaller implements AutoCloseable {

  private static final int TURNS_PER_SECOND = 20;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Switchgear gear;
  private final FleetRateLimiter limiter;
  private final int callsPerTurn;

  @SuppressWarnings("FutureReturnValueIgnored") // It runs until it is closed.
  QuotaCaller(String kafka, String limit, String instance, int callsPerSecond) {
    gear = Switchgear.builder(kafka, "shop").instance(instance).build();
    limiter = gear.fleetRateLimiter(limit, RateLimit.perSecond(1));
    callsPerTurn = callsPerSecond / TURNS_PER_SECOND;
    long pause = TimeUnit.SECONDS.toMillis(1) / TURNS_PER_SECOND;
    // What a busy machine kept from being called is not called all at once later.
    timer.scheduleWithFixedDelay(this::turn, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** In a process of its own, so that it can be killed. */
  static ChildJvm start(String kafka, String limit, String instance, int callsPerSecond)
      throws IOException {
    return ChildJvm.start(
        QuotaCaller.class, List.of(kafka, limit, instance, Integer.toString(callsPerSecond)));
  }

  public static void main(String[] arguments) throws IOException {
    int callsPerSecond = Integer.parseInt(arguments[3]);
    try (QuotaCaller caller =
        new QuotaCaller(arguments[0], arguments[1], arguments[2], callsPerSecond)) {
      System.out.println(ChildJvm.READY);
      int ended = System.in.read();
      System.out.println("ended with " + ended + ", shared: " + caller.isShared());
    }
  }

  boolean isShared() {
    return limiter.isShared();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    gear.close();
  }

  private void turn() {
    for (int i = 0; i < callsPerTurn; i++) {
      limiter.refuse();
    }
  }
}
