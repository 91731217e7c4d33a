package dev.switchgear.ingest.outlet;

import dev.switchgear.ingest.outlet.Backlog.Waiting;
import dev.switchgear.schemas.Heartbeat;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to Kafka without ever keeping a caller waiting: they go into a bounded backlog, and
 * one daemon thread hands them to the producer. What does not arrive in time is dropped and
 * counted; losing a little is what telemetry topics are for. The same thread tells with heartbeats
 * that this program lives and how much it had to drop, and publishes the schemas.
 *
 * <p>Thread-safe.
 */
public final class Outlet implements AutoCloseable {

  private static final Duration CLOSE = Duration.ofSeconds(5);

  /** Tells the clients of one process apart. */
  private static final AtomicLong OPENED = new AtomicLong();

  private final Plan plan;
  private final String clientId;
  private final Clock clock = Clock.systemUTC();
  private final long startedAtMillis = clock.millis();
  private final Backlog backlog;
  private final Drops drops = new Drops();
  private final Set<Shipment> open = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile @Nullable Introduced self;
  private volatile boolean closing;

  // The thread's own.
  private final Courier courier;
  private final Deadline nextBeat = new Deadline();
  private @Nullable CompletableFuture<Receipt> announced;

  private Outlet(Plan plan) {
    this.plan = plan;
    this.clientId = "switchgear-" + plan.role() + "-" + OPENED.incrementAndGet();
    this.courier = new Courier(plan, clientId);
    this.backlog = new Backlog(plan.bufferBytes());
    this.thread = new Thread(this::run, clientId);
    thread.setDaemon(true);
  }

  /** Returns at once, also when Kafka cannot be reached. */
  public static Outlet open(Plan plan) {
    Outlet outlet = new Outlet(plan);
    outlet.thread.start();
    return outlet;
  }

  /** In whose name heartbeats are sent. */
  private record Introduced(String instance, String service, @Nullable String version) {}

  /** Begins heartbeats, in the name of an instance of a service. */
  public void introduce(Origin origin) {
    self = new Introduced(origin.instance(), origin.service(), origin.version());
  }

  /** Begins heartbeats, in the name of an instance of this program. */
  public void introduce(String instance) {
    self = new Introduced(instance, "", Outlet.class.getPackage().getImplementationVersion());
  }

  /** How the Kafka client names itself in its logs. */
  public String clientId() {
    return clientId;
  }

  /** Sends what is to arrive or fail together. Never waits. */
  public CompletableFuture<Receipt> send(List<Parcel> parcels) {
    if (parcels.isEmpty()) {
      return CompletableFuture.completedFuture(Receipt.ARRIVED);
    }
    Shipment shipment = new Shipment(parcels.size());
    open.add(shipment);
    if (!backlog.offer(parcels, shipment)) {
      drop(parcels.size(), new IllegalStateException(closing ? "Closed" : "No room: buffer full"));
      shipment.refuse();
    }
    return shipment.receipt().whenComplete((receipt, failure) -> open.remove(shipment));
  }

  /** Counts records that could not be made at all. */
  public void drop(int records, Exception why) {
    drops.add(records, why);
  }

  /** Records dropped since the start. */
  public long dropped() {
    return drops.count();
  }

  /** Completed when it is known what became of everything sent so far: true if all arrived. */
  public CompletableFuture<Boolean> flush() {
    List<CompletableFuture<Receipt>> sent = open.stream().map(Shipment::receipt).toList();
    return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> sent.stream().allMatch(each -> each.join() == Receipt.ARRIVED));
  }

  /** Sends what waits; gives up after five seconds. */
  @Override
  public void close() {
    closing = true;
    backlog.close();
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing) {
        forward(backlog.poll(nextBeat.left()));
        attendTo();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      finish();
    }
  }

  private void forward(@Nullable Waiting next) {
    if (next == null) {
      return;
    }
    if (System.nanoTime() - next.sinceNanos() > plan.delivery().toNanos()) {
      settle(next.shipment(), new TimeoutException("Waited too long for Kafka"));
    } else {
      courier.hand(next.parcel(), failure -> settle(next.shipment(), failure));
    }
  }

  private void settle(Shipment shipment, @Nullable Exception failure) {
    if (failure != null) {
      drops.add(1, failure);
    }
    shipment.settle(failure == null);
  }

  private void finish() {
    backlog.close();
    for (Waiting rest = backlog.pollNow(); rest != null; rest = backlog.pollNow()) {
      forward(rest);
    }
    courier.close();
    drops.tell();
  }

  /** What is due besides sending. */
  private void attendTo() {
    if (nextBeat.isOver()) {
      nextBeat.in(plan.heartbeat());
      announceSchemas();
      beat();
      drops.tellAtTimes();
    }
  }

  /** Until they have arrived. */
  private void announceSchemas() {
    if (announced == null || (announced.isDone() && announced.join() != Receipt.ARRIVED)) {
      List<Parcel> schemas = Parcel.schemas();
      Shipment shipment = new Shipment(schemas.size());
      schemas.forEach(each -> courier.hand(each, failure -> shipment.settle(failure == null)));
      announced = shipment.receipt();
    }
  }

  /** A lost one is no drop: the next follows. */
  private void beat() {
    Introduced known = self;
    if (known != null) {
      courier.hand(Parcel.of(heartbeat(known)), failure -> {});
    }
  }

  private Heartbeat heartbeat(Introduced known) {
    return Heartbeat.newBuilder()
        .setRole(plan.role())
        .setInstance(known.instance())
        .setAtMillis(clock.millis())
        .setStartedAtMillis(startedAtMillis)
        .setVersion(Objects.requireNonNullElse(known.version(), ""))
        .setService(known.service())
        .setDropped(dropped())
        .build();
  }
}
