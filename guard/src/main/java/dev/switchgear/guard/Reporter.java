package dev.switchgear.guard;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.SchemaDirectory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
  private static final Duration END_TIMEOUT = Duration.ofSeconds(1);
  private static final String ROLE = "guard";

  private final Board board;
  private final FleetLimits limits;
  private final Identity identity;
  private final Telemetry telemetry;
  private final Clocks clocks;
  private final BreakerPolicy policy;
  private final int timedPerSecond;
  private final Map<Gate, BreakerReport> reports = new HashMap<>();
  private final Map<Gate, LocalJudge> judges = new HashMap<>();
  private long retirementsSeen;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "switchgear-report");
  private List<Delivery> schemas = schemas();
  private Reading lastReading;
  private long intervals;
  private boolean late;
  private boolean silent;
  private boolean failing;
  private volatile long deferred;
  private volatile long dropped;

  /**
   * Tells of all gates of the board, and of all limits of the fleet that are used.
   *
   * @param policy by which breakers are judged while the fleet's word does not come
   * @param timedPerSecond how many calls of a breaker are to be timed a second
   */
  Reporter(
      Board board,
      FleetLimits limits,
      Identity identity,
      Telemetry telemetry,
      BreakerPolicy policy,
      int timedPerSecond,
      Clocks clocks) {
    this.board = board;
    this.limits = limits;
    this.policy = policy;
    this.timedPerSecond = timedPerSecond;
    this.identity = identity;
    this.telemetry = telemetry;
    this.clocks = clocks;
    this.lastReading = Reading.now(clocks);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Whether it does its work, or will once it is started. */
  boolean isLive() {
    return thread.getState() != Thread.State.TERMINATED && stop.getCount() > 0;
  }

  long deferred() {
    return deferred;
  }

  long dropped() {
    return dropped;
  }

  /** Sends what is counted; waits at most three seconds for it to arrive, and one to end. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(FLUSH_TIMEOUT.plus(CLOSE_TIMEOUT).plus(END_TIMEOUT).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        tickOrTell();
      }
      flush();
      limits.leave(identity).forEach(telemetry::send);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Stripe.disown();
      telemetry.close(CLOSE_TIMEOUT);
      tellLost();
    }
  }

  private void tellLost() {
    long before = dropped;
    reports.values().forEach(BreakerReport::end);
    dropped = reports.values().stream().mapToLong(BreakerReport::dropped).sum();
    if (dropped > before) {
      LOG.warn("Closed; {} observations have not arrived and are lost", dropped - before);
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

  /** Whatever fails now may work the next time: this thread lives as long as the instance. */
  private void tickOrTell() {
    try {
      tick();
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.error("Cannot tell the fleet of this instance; trying again four times a second", e);
      }
      failing = true;
    }
  }

  /** What is done four times a second. */
  void tick() {
    Stripe.disown();
    report(BreakerReport::tick);
    judge();
    limits.tick(identity, lastReading).forEach(telemetry::send);
    if (intervals++ % INTERVALS_PER_HEARTBEAT == 0) {
      beat(lastReading);
    }
    announceSchemas();
    tellIfLate();
    tellIfSilent();
  }

  private void tellIfSilent() {
    boolean now =
        board.isReady()
            && board.pulse().silentNanos(lastReading.nanos()) > policy.staleAfter().toNanos();
    if (now && !silent) {
      LOG.warn("No detector is heard; this instance judges by its own calls");
    } else if (!now && silent) {
      LOG.info("A detector is heard again");
    }
    silent = now;
  }

  private void report(BiConsumer<BreakerReport, Reading> how) {
    forgetRetired();
    Reading now = Reading.now(clocks);
    for (Gate gate : board.gates()) {
      BreakerReport report =
          reports.computeIfAbsent(
              gate,
              unseen -> new BreakerReport(gate, identity, telemetry, timedPerSecond, lastReading));
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

  private void judge() {
    for (Map.Entry<Gate, BreakerReport> each : reports.entrySet()) {
      Gate gate = each.getKey();
      try {
        List<CallSample> samples = each.getValue().samples();
        boolean heard = board.isFleetHeard(gate, policy, lastReading.nanos());
        judges
            .computeIfAbsent(gate, unseen -> new LocalJudge(gate, policy))
            .tick(lastReading, heard, samples);
      } catch (RuntimeException e) {
        LOG.error("Cannot judge breaker {} locally", gate.breaker(), e);
      }
    }
  }

  private void forgetRetired() {
    if (retirementsSeen != board.retirements()) {
      retirementsSeen = board.retirements();
      Set<Gate> gates = new HashSet<>(board.gates());
      reports.keySet().retainAll(gates);
      judges.keySet().retainAll(gates);
    }
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
            .setService(identity.service())
            .setDropped(dropped)
            .build();
    telemetry.send(heartbeat);
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
