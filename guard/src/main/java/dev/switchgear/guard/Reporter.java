package dev.switchgear.guard;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.SchemaDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the fleet, four times a second, what this instance saw, and once a second that it lives. A
 * daemon thread of its own does it, so that no caller ever waits for Kafka.
 */
final class Reporter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final int INTERVALS_PER_HEARTBEAT = 4;
  private static final Duration FLUSH_POLL = Duration.ofMillis(20);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final String ROLE = "guard";

  private final Board board;
  private final Identity identity;
  private final Telemetry telemetry;
  private final Clock clock;
  private final Map<Gate, BreakerReport> reports = new HashMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "switchgear-report");
  private List<Delivery> schemas = schemas();
  private Reading lastReading;
  private long intervals;
  private boolean late;
  private volatile long deferred;
  private volatile long dropped;

  Reporter(Board board, Identity identity, Telemetry telemetry, Clock clock) {
    this.board = board;
    this.identity = identity;
    this.telemetry = telemetry;
    this.clock = clock;
    this.lastReading = Reading.now(clock);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  long deferred() {
    return deferred;
  }

  long dropped() {
    return dropped;
  }

  /** Sends what is counted; waits at most three seconds for it to arrive. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(FLUSH_TIMEOUT.plus(CLOSE_TIMEOUT).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        tick();
      }
      flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      telemetry.close(CLOSE_TIMEOUT);
    }
  }

  private void flush() throws InterruptedException {
    long deadline = System.nanoTime() + FLUSH_TIMEOUT.toNanos();
    report(BreakerReport::flush);
    while (!isFlushed() && System.nanoTime() < deadline) {
      TimeUnit.NANOSECONDS.sleep(FLUSH_POLL.toNanos());
      report(BreakerReport::flush);
    }
  }

  private void tick() {
    report(BreakerReport::tick);
    if (intervals++ % INTERVALS_PER_HEARTBEAT == 0) {
      beat(lastReading);
    }
    announceSchemas();
    tellIfLate();
  }

  private void report(BiConsumer<BreakerReport, Reading> how) {
    Reading now = Reading.now(clock);
    for (Gate gate : board.gates()) {
      BreakerReport report =
          reports.computeIfAbsent(
              gate, unseen -> new BreakerReport(gate, identity, telemetry, lastReading));
      try {
        how.accept(report, now);
      } catch (RuntimeException e) {
        LOG.error("Cannot report the calls of breaker {}", gate.breaker(), e);
      }
    }
    lastReading = now;
    deferred = reports.values().stream().mapToLong(BreakerReport::deferred).sum();
    dropped = reports.values().stream().mapToLong(BreakerReport::dropped).sum();
  }

  private boolean isFlushed() {
    return reports.values().stream().allMatch(BreakerReport::isFlushed);
  }

  private void beat(Reading now) {
    Heartbeat heartbeat =
        Heartbeat.newBuilder()
            .setRole(ROLE)
            .setInstance(identity.instance())
            .setAtMillis(now.epochMillis())
            .setStartedAtMillis(identity.startedAtMillis())
            .setVersion(Objects.requireNonNullElse(identity.version(), ""))
            .setDropped(dropped)
            .build();
    telemetry.send(telemetry.delivery(heartbeat));
  }

  private void announceSchemas() {
    schemas.stream().filter(Delivery::isWaiting).forEach(telemetry::send);
    schemas = schemas.stream().filter(each -> !each.isAcknowledged()).collect(Collectors.toList());
  }

  private void tellIfLate() {
    Optional<Exception> cause =
        reports.values().stream()
            .map(BreakerReport::lateBecause)
            .filter(Objects::nonNull)
            .findFirst();
    if (cause.isPresent() && !late) {
      LOG.warn("Observations do not arrive; counts are summed and sent later", cause.get());
    } else if (cause.isEmpty() && late) {
      LOG.info("Observations arrive again");
    }
    late = cause.isPresent();
  }

  /** Every writer publishes its schemas, so that programs of other versions can read it. */
  private static List<Delivery> schemas() {
    return SchemaDirectory.announcements().stream()
        .map(
            each ->
                new Delivery(
                    new ProducerRecord<>(
                        each.topic(), each.key(), each.value().getBytes(StandardCharsets.UTF_8))))
        .collect(Collectors.toList());
  }
}
