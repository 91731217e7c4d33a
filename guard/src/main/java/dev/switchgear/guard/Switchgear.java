package dev.switchgear.guard;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
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
 * <p>Connecting returns at once. Until the breakers' states have been read, and when no detector
 * has been heard for {@code staleAfter}, this instance judges by its own calls, with the brain that
 * the fleet is judged by.
 */
public final class Switchgear implements AutoCloseable {

  private final Identity identity;
  private final Clocks clocks;
  private final long startedNanos;
  private final BreakerPolicy policy;
  private final Board board;
  private final FleetLimits limits;
  private final Reporter reporter;
  private final Shared shared;
  private final Connection connection;

  /**
   * Of parts that belong together.
   *
   * @param reporter of the board; running, or driven by hand
   */
  Switchgear(
      Identity identity,
      Clocks clocks,
      BreakerPolicy policy,
      Board board,
      FleetLimits limits,
      Reporter reporter,
      Connection connection) {
    this.identity = identity;
    this.clocks = clocks;
    this.startedNanos = clocks.nanos();
    this.policy = policy;
    this.board = board;
    this.limits = limits;
    this.reporter = reporter;
    this.shared = new Shared(clocks);
    this.connection = connection;
  }

  private static Switchgear connect(
      Identity identity,
      KafkaClients clients,
      BreakerPolicy policy,
      int timedPerSecond,
      OpenTelemetry openTelemetry) {
    Clocks clocks = Clocks.SYSTEM;
    Board board = new Board(identity.caller(), clocks, new Degradations(openTelemetry));
    Records records = new Records(SchemaDirectory.onCluster(clients.follower("schemas")));
    Telemetry telemetry = new Telemetry(clients.telemetry(), records);
    FleetLimits limits = new FleetLimits(board.pulse(), clocks, identity.instance());
    Reporter reporter =
        new Reporter(board, limits, identity, telemetry, policy, timedPerSecond, clocks);
    var connection = new KafkaConnection(board, limits, identity, clients, records, clocks);
    reporter.start();
    return new Switchgear(identity, clocks, policy, board, limits, reporter, connection);
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
    return connection.awaitReady(timeout);
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
    return board.gate(breaker).guard();
  }

  /**
   * Starts to describe a guarded call: the breaker, and what else stands between a caller and it.
   * What is built is to be kept; the breaker's counts are those of {@link #guard(String)}.
   *
   * @param breaker as for {@link #guard(String)}
   * @param answer what the calls give
   */
  public <T> GuardedCallBuilder<T> guard(String breaker, Class<T> answer) {
    Objects.requireNonNull(answer, "answer");
    return new GuardedCallBuilder<>(board.gate(breaker), clocks);
  }

  /** A rate limiter that guards share; the same object for the same name. */
  public RateLimiter rateLimiter(String name, RateLimit limit) {
    return shared.rateLimiter(name, limit);
  }

  /**
   * A rate limiter for each client; the same object for the same name.
   *
   * @param clients how many clients are told apart at a time; 1..1,000,000
   */
  public ClientRateLimiter clientRateLimiter(String name, RateLimit limit, int clients) {
    return shared.clientRateLimiter(name, limit, clients);
  }

  /**
   * This instance's share of a limit of the whole fleet; the same object for the same name. How
   * large the limit is the fleet's policy says, for breakers as for any other name.
   *
   * @param name of the limit; that of a breaker for calls of it, else for example that of an API
   * @param alone what this instance may do while the fleet has not told its share, or for too long
   *     nobody has said that it still holds
   */
  public FleetRateLimiter fleetRateLimiter(String name, RateLimit alone) {
    FleetRateLimiter limiter = shared.fleetRateLimiter(name, alone, limits);
    connection.followQuotas();
    return limiter;
  }

  /** A bulkhead that guards share; the same object for the same name. */
  public Bulkhead bulkhead(String name, int calls) {
    return bulkhead(name, calls, 0, 0);
  }

  /**
   * A bulkhead that critical and other calls share; the same object for the same name.
   *
   * @param forCritical slots that only critical calls may take
   * @param forOthers slots that critical calls may not take
   */
  public Bulkhead bulkhead(String name, int calls, int forCritical, int forOthers) {
    return shared.bulkhead(name, calls, forCritical, forOthers);
  }

  /**
   * A bulkhead of as many calls as the limit learns to be good; the same object for the same name
   * and limit.
   */
  public Bulkhead bulkhead(String name, ConcurrencyLimit limit) {
    return shared.bulkhead(name, limit);
  }

  /** A pool of threads that guards share; the same object for the same name. */
  public CallPool pool(String name, int threads, int queue) {
    return shared.pool(name, threads, queue);
  }

  /**
   * Parking for one queue; the same object for the same queue.
   *
   * @param queue 1..63 of a-z, 0-9 and -
   * @param breaker the breaker whose recovery releases the work; always the same for one queue
   */
  public Parking parking(String queue, String breaker) {
    return connection.parking(queue, breaker);
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
    return connection.replay(queue, breaker, handler);
  }

  /**
   * A consumer that holds its records back while the guard refuses calls.
   *
   * @param consumer the user's own; polled through what is returned, and by one thread only
   * @param guard of what is called for each record
   */
  public <K, V> PausingConsumer<K, V> pausing(Consumer<K, V> consumer, Guard guard) {
    return new PausingConsumer<>(consumer, guard, clocks);
  }

  /** What this instance believes. */
  public Board board() {
    return board;
  }

  /** How Switchgear is in this instance, and what it believes of each guarded breaker. */
  public Health health() {
    long now = clocks.nanos();
    long silent = Math.min(board.pulse().silentNanos(now), Health.LONGEST.toNanos());
    long patience = policy.staleAfter().toNanos();
    return new Health(
        reporter.isLive(),
        board.isReady() || now - startedNanos >= patience,
        silent <= patience,
        Duration.ofNanos(silent),
        board.beliefs(policy));
  }

  /** What was counted of each guarded breaker, by name. */
  public List<CallCounts> counts() {
    return board.counts();
  }

  /**
   * Calls that fallbacks have answered. They are counted where OpenTelemetry is used, and else from
   * the first time on that this is asked for: a count that nobody reads would only take time.
   */
  public List<DegradedCount> degraded() {
    return board.degradations().counts();
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

  /**
   * Observations lost, because Kafka was away for longer than their breaker's last 16 epochs, or
   * when this was closed.
   */
  public long droppedObservations() {
    return reporter.dropped();
  }

  /**
   * Stops replays, sends what is counted, and disconnects, each within seconds. Guards go on
   * admitting by the last state they obeyed.
   */
  @Override
  public void close() {
    connection.stopReplays();
    reporter.close();
    connection.close();
    board.close();
  }

  /** Describes a connection. */
  public static final class Builder {

    /** The share of slow calls in a second is then known to half a percent at one in ten. */
    private static final int TIMED_PER_SECOND = 4_000;

    private final String bootstrapServers;
    private final String service;
    private final Map<String, Object> kafka = new HashMap<>();
    private String instance = UUID.randomUUID().toString();
    private @Nullable String version;
    private @Nullable String zone;
    private @Nullable String region;
    private @Nullable OpenTelemetry openTelemetry;
    private BreakerPolicy policy = LocalPolicy.DEFAULT;
    private int timedPerSecond = TIMED_PER_SECOND;

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
     * Where metrics of guards go, and whose spans tell what was degraded. Without it, the global
     * one if that has been set by then.
     */
    public Builder openTelemetry(OpenTelemetry openTelemetry) {
      this.openTelemetry = openTelemetry;
      return this;
    }

    /**
     * By what this instance judges alone while no detector is heard, and for how long it waits for
     * one where the fleet's policy does not say ({@code staleAfter}). Without it, as by the default
     * policy, but with one probe a second: every instance probes for itself then.
     */
    public Builder localPolicy(BreakerPolicy policy) {
      this.policy = policy;
      return this;
    }

    /**
     * About how many calls of a breaker this instance times a second. Where it makes more, {@link
     * Guard#call} and {@link GuardedCall#call} time a random part of them, since to read the clock
     * takes longer than all else that they do; every call is counted as ever. Without it 4,000.
     *
     * @param calls 1,000..1,000,000
     */
    public Builder timedPerSecond(int calls) {
      if (calls < 1_000 || calls > 1_000_000) {
        throw new IllegalArgumentException(
            "timedPerSecond: " + calls + " (expected: 1000..1000000)");
      }
      this.timedPerSecond = calls;
      return this;
    }

    /**
     * Times every call, however many there are. For a fleet with detectors of version 0.1, which
     * take a call that was not timed for a quick one, and for whoever reads the observations.
     */
    public Builder timeEveryCall() {
      this.timedPerSecond = Sampling.EVERY_CALL;
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
      var clients = new KafkaClients(settings, service, instance);
      return connect(
          identity,
          clients,
          policy,
          timedPerSecond,
          openTelemetry == null ? globalOpenTelemetry() : openTelemetry);
    }

    /** Versions that set the global one when they are asked for it are better not asked. */
    private static OpenTelemetry globalOpenTelemetry() {
      try {
        return GlobalOpenTelemetry.getOrNoop();
      } catch (NoSuchMethodError olderVersion) {
        return OpenTelemetry.noop();
      }
    }
  }
}
