package dev.switchgear.gamedays.drill;

import dev.switchgear.gamedays.drill.DemoSnapshot.BreakerLine;
import dev.switchgear.gamedays.drill.DemoSnapshot.QueueLine;
import dev.switchgear.gamedays.drill.DemoSnapshot.ServiceLine;
import dev.switchgear.gamedays.shop.Service;
import dev.switchgear.gamedays.shop.Shop;
import dev.switchgear.gamedays.shop.Traffic;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.QueueState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a view how things stand, four times a second. Thread-safe. */
final class Snapshots implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final Shop shop;
  private final int instances;
  private final Watch watch;
  private final DemoView view;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "snapshots");
            thread.setDaemon(true);
            return thread;
          });
  private long startNanos;
  private @Nullable String act;
  private @Nullable QueueState queueBefore;

  Snapshots(Shop shop, int instances, Watch watch, DemoView view) {
    this.shop = shop;
    this.instances = instances;
    this.watch = watch;
    this.view = view;
  }

  /** From now on this act is played; the first one starts the clock. */
  synchronized void show(String next) {
    if (act == null) {
      startNanos = System.nanoTime();
      queueBefore = watch.queue(Shop.QUEUE).orElse(null);
      var unused =
          timer.scheduleAtFixedRate(this::show, 0, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    }
    act = next;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void show() {
    try {
      view.snapshot(snapshot());
    } catch (RuntimeException e) {
      LOG.error("The view failed", e);
    }
  }

  private synchronized DemoSnapshot snapshot() {
    return new DemoSnapshot(
        Duration.ofNanos(System.nanoTime() - startNanos),
        String.valueOf(act),
        Stream.of(Service.values()).map(this::line).toList(),
        Scene.DEPENDENCIES.stream().map(Service::breaker).flatMap(this::line).toList(),
        orders());
  }

  private ServiceLine line(Service service) {
    Traffic.Window window = shop.traffic(service).window();
    return new ServiceLine(
        service.key(),
        instances,
        window.perSecond(),
        window.errorShare(),
        window.p99Millis(),
        shop.fault(service).inWords());
  }

  /** Nothing where the breaker was never judged. */
  private Stream<BreakerLine> line(String breaker) {
    return watch.state(breaker).stream().map(Snapshots::line);
  }

  private static BreakerLine line(BreakerState state) {
    return new BreakerLine(
        state.getBreaker(),
        state.getState(),
        state.getEpoch(),
        state.getAdmittedShare(),
        state.getReason());
  }

  private QueueLine orders() {
    Optional<QueueState> now = watch.queue(Shop.QUEUE);
    if (now.isEmpty()) {
      return new QueueLine(0, 0, 0, 0);
    }
    QueueState state = now.get();
    long doneBefore = queueBefore == null ? 0 : queueBefore.getDoneTotal();
    long parkedBefore = queueBefore == null ? 0 : queueBefore.getParkedTotal();
    return new QueueLine(
        state.getParked(),
        state.getInFlight(),
        state.getDoneTotal() - doneBefore,
        state.getParkedTotal() - parkedBefore);
  }
}
