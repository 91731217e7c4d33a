package dev.switchgear.guard;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/**
 * Switchgear in one service instance: one object per instance, for its whole life. Thread-safe.
 *
 * <pre>{@code
 * Switchgear gear = Switchgear.connect("kafka:9092", "checkout");
 * Guard charge = gear.guard("payments/charge");
 * Receipt receipt = charge.call(() -> payments.charge(order), why -> Receipt.pending(order));
 * }</pre>
 *
 * <p>Connecting returns at once. Until the breakers' states have been read, and whenever Kafka
 * cannot be reached, guards admit by what they know: nothing known, everything admitted.
 */
public final class Switchgear implements AutoCloseable {

  private final Identity identity;
  private final Board board;
  private final Map<String, Guard> guards = new ConcurrentHashMap<>();
  private final Reporter reporter;
  private final StateFollower states;
  private final Queues queues;

  private Switchgear(Identity identity, KafkaClients clients) {
    this.identity = identity;
    this.board = new Board(identity.service(), identity.region());
    Records records = new Records(SchemaDirectory.onCluster(clients.follower("schemas")));
    Telemetry telemetry = new Telemetry(clients.telemetry(), records);
    this.reporter = new Reporter(board, identity, telemetry, Clock.systemUTC());
    this.states = new StateFollower(board, clients, records);
    this.queues = new Queues(board, identity, clients, records);
    reporter.start();
  }

  /** Connects with defaults; see {@link #builder}. */
  public static Switchgear connect(String bootstrapServers, String service) {
    return builder(bootstrapServers, service).build();
  }

  /**
   * Starts to describe a connection.
   *
   * @param bootstrapServers {@code host:port}, several of them separated by commas
   * @param service name of the service, as in OpenTelemetry's {@code service.name}
   */
  public static Builder builder(String bootstrapServers, String service) {
    return new Builder(bootstrapServers, service);
  }

  /**
   * Waits until every breaker's state has been read.
   *
   * @return false if that takes longer than the timeout
   */
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    return states.awaitReady(timeout);
  }

  /** Whether every breaker's state has been read, so that guards obey the fleet. */
  public boolean isReady() {
    return board.isReady();
  }

  /**
   * The guard of a breaker; the same object for the same id. It obeys the tightest of that breaker,
   * its dependency's, and those of both for the region and the service of this instance.
   *
   * @param breaker {@code dependency[/operation][@region]}, at most 255 characters; one of at most
   *     10,000 ids
   */
  public Guard guard(String breaker) {
    Guard known = guards.get(breaker);
    return known != null
        ? known
        : guards.computeIfAbsent(breaker, unseen -> new Guard(board.gate(unseen)));
  }

  /**
   * Parking for one queue; the same object for the same queue.
   *
   * @param queue 1..63 of a-z, 0-9 and -
   * @param breaker the breaker whose recovery releases the work; always the same for one queue
   */
  public Parking parking(String queue, String breaker) {
    return queues.parking(queue, breaker);
  }

  /**
   * Starts doing what comes back on {@code switchgear.replay.QUEUE}. The instances of a service
   * share the work.
   *
   * @param breaker the breaker of the dependency that the handler calls: while it does not let
   *     calls through, work is put off without calling the handler
   * @throws IllegalStateException if this instance replays the queue already
   */
  public Replay replay(String queue, String breaker, ReplayHandler handler) {
    return queues.replay(queue, breaker, handler);
  }

  /** What this instance believes. */
  public Board board() {
    return board;
  }

  /** Name of the service. */
  public String service() {
    return identity.service();
  }

  /** Name of the instance. */
  public String instance() {
    return identity.instance();
  }

  /** Intervals whose counts could not be sent when due and were summed on. */
  public long deferredObservations() {
    return reporter.deferred();
  }

  /** Observations lost, because Kafka was away for longer than their breaker's last 16 epochs. */
  public long droppedObservations() {
    return reporter.dropped();
  }

  /**
   * Stops replays, sends what is counted, and disconnects, each within seconds. Guards go on
   * admitting by the last state they obeyed.
   */
  @Override
  public void close() {
    queues.close();
    reporter.close();
    states.close();
    board.close();
  }

  /** Describes a connection. */
  public static final class Builder {

    private final String bootstrapServers;
    private final String service;
    private final Map<String, Object> kafka = new HashMap<>();
    private String instance = UUID.randomUUID().toString();
    private @Nullable String version;
    private @Nullable String zone;
    private @Nullable String region;

    private Builder(String bootstrapServers, String service) {
      this.bootstrapServers = BootstrapServers.check(bootstrapServers);
      this.service = Names.check("service", service);
    }

    /**
     * Name of this instance, as in OpenTelemetry's {@code service.instance.id}; unique in the
     * fleet. Best the same after a restart: then replay goes on without waiting for the time-out of
     * what the last start left open. A random one if not given.
     */
    public Builder instance(String instance) {
      this.instance = Names.check("instance", instance);
      return this;
    }

    /** Version of the service. */
    public Builder version(String version) {
      this.version = Names.check("version", version);
      return this;
    }

    /** Zone this instance runs in. */
    public Builder zone(String zone) {
      this.zone = Names.check("zone", zone);
      return this;
    }

    /** Region this instance runs in. */
    public Builder region(String region) {
      this.region = Names.check("region", region);
      return this;
    }

    /**
     * Further settings of every Kafka client, for example for TLS. Settings that Switchgear's
     * promises rest on (acknowledgement, isolation, time limits) are not taken from here.
     */
    public Builder kafka(Map<String, Object> kafka) {
      this.kafka.putAll(kafka);
      return this;
    }

    /** Connects in the background and returns at once. */
    public Switchgear build() {
      Map<String, Object> settings = new HashMap<>(kafka);
      settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
      var identity =
          new Identity(service, instance, version, zone, region, System.currentTimeMillis());
      return new Switchgear(identity, new KafkaClients(settings, service, instance));
    }
  }
}
