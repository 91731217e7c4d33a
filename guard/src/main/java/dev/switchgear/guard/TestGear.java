package dev.switchgear.guard;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topics;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A Switchgear for the tests of services: without Kafka, and with a fleet and a clock that the test
 * drives by hand. Everything else is what runs in production.
 *
 * <pre>{@code
 * TestGear test = TestGear.of("checkout");
 * Checkout checkout = new Checkout(test.gear());
 * test.open("payments/charge");
 * assertThat(checkout.order(shoes)).isEqualTo(PENDING);
 * assertThat(test.seen("payments/charge").refusals()).isEqualTo(1);
 * }</pre>
 *
 * <p>Rates, back-offs of breakers, deadlines and staleness go by the clock of the hand; a timeout
 * that interrupts a call goes by the machine's. Every call is timed, however many there are.
 * Parking and replay need Kafka. To be driven by one thread; the guards are as thread-safe as ever.
 */
public final class TestGear implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final int RETRY_AFTER_MILLIS = 1_000;
  private static final int LEASE_MILLIS = 10_000;
  private static final long THOUSANDTHS = 1_000;

  private final Time time = new Time();
  private final Board board;
  private final FleetLimits limits;
  private final Reporter reporter;
  private final Switchgear gear;
  private final Records records = Records.builtInOnly();
  private final Deserializer<Observation> observations = records.deserializer(Observation.class);
  private final MockProducer<String, byte[]> told =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new StringSerializer(), new ByteArraySerializer());
  private final Map<String, Seen> seen = new HashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, Long> quotaEpochs = new HashMap<>();
  private boolean fleetLives = true;

  private TestGear(String service, BreakerPolicy policy) {
    Identity who = new Identity(service, service + "-test", null, null, null, 1);
    this.board = new Board(who.caller(), time, new Degradations(OpenTelemetry.noop()));
    Telemetry telemetry = new Telemetry(() -> told, records);
    this.limits = new FleetLimits(board.pulse(), time, who.instance());
    this.reporter = new Reporter(board, limits, who, telemetry, policy, Sampling.EVERY_CALL, time);
    var none = new Unconnected();
    this.gear = new Switchgear(who, time, policy, board, limits, reporter, none);
    board.ready();
  }

  /** Of a service, with the built-in policy for what an instance judges alone. */
  public static TestGear of(String service) {
    return of(service, LocalPolicy.DEFAULT);
  }

  /** Of a service that judges alone by this policy. */
  public static TestGear of(String service, BreakerPolicy localPolicy) {
    return new TestGear(Names.check("service", service), localPolicy);
  }

  /** What is under test uses. */
  public Switchgear gear() {
    return gear;
  }

  /** The fleet opens the breaker: every call is refused. */
  public void open(String breaker) {
    say(breaker, State.OPEN, 0);
  }

  /** The fleet closes the breaker: every call is admitted. */
  public void closed(String breaker) {
    say(breaker, State.CLOSED, Entry.ALL);
  }

  /**
   * The breaker recovers: a share of calls is admitted, at random.
   *
   * @param admittedShare per ten thousand, 0..10,000
   */
  public void recovering(String breaker, int admittedShare) {
    say(breaker, State.RECOVERING, admittedShare);
  }

  /** Whatever a detector might publish, the absurd included; obeyed as it would be. */
  public void publish(BreakerState state) {
    epochs.merge(state.getBreaker(), state.getEpoch(), Math::max);
    board.accept(state.getBreaker(), state);
  }

  /**
   * The fleet gives this instance a share of one of its limits, from now on.
   *
   * @param share calls that it may make, by tier; {@code *} is the tier of all that have none
   */
  public void share(String limit, RateLimit whole, Map<String, Long> share) {
    Map<String, Long> thousandths = new HashMap<>();
    share.forEach((tier, calls) -> thousandths.put(tier, calls * THOUSANDTHS));
    publish(
        QuotaState.newBuilder()
            .setLimit(limit)
            .setEpoch(quotaEpochs.getOrDefault(limit, 0L) + 1)
            .setCalls(whole.calls())
            .setPeriodMillis(whole.per().toMillis())
            .setLeaseMillis(LEASE_MILLIS)
            .setShares(List.of(new QuotaShare(gear.instance(), thousandths, Map.of())))
            .setAtMillis(time.millis())
            .build());
  }

  /** Whatever a detector might say of a limit, the absurd included; obeyed as it would be. */
  public void publish(QuotaState quota) {
    quotaEpochs.merge(quota.getLimit(), quota.getEpoch(), Math::max);
    limits.accept(quota.getLimit(), quota);
  }

  /** No detector is heard from now on. */
  public void loseFleet() {
    fleetLives = false;
  }

  /** Detectors are heard again, from the next moment that passes. */
  public void regainFleet() {
    fleetLives = true;
  }

  /** Time passes, a quarter of a second at a time, each with what an instance does in it. */
  public void pass(Duration duration) {
    long quarters = (duration.toNanos() + INTERVAL.toNanos() - 1) / INTERVAL.toNanos();
    for (long i = 0; i < quarters; i++) {
      time.pass(INTERVAL);
      look();
    }
  }

  /** Time passes, and then an instance does once what it does four times a second. */
  public void passAtOnce(Duration duration) {
    time.pass(duration);
    look();
  }

  /** What has been counted of a breaker since the start; none of it if nothing was. */
  public Seen seen(String breaker) {
    look();
    return seen.getOrDefault(breaker, Seen.NOTHING);
  }

  /**
   * What a detector would have been told.
   *
   * @param calls finished calls, failed ones included
   * @param errors failed ones by type
   * @param refusals calls that the breaker refused
   * @param inFlight calls running at the last look
   */
  public record Seen(long calls, Map<String, Long> errors, long refusals, int inFlight) {

    private static final Seen NOTHING = new Seen(0, Map.of(), 0, 0);

    public Seen {
      errors = Map.copyOf(errors);
    }

    private Seen and(Observation observation) {
      Map<String, Long> all = new HashMap<>(errors);
      observation.getErrors().forEach((type, count) -> all.merge(type, count, Long::sum));
      return new Seen(
          calls + observation.getCalls(),
          all,
          refusals + observation.getRefusals(),
          observation.getInFlight());
    }
  }

  @Override
  public void close() {
    gear.close();
  }

  private void say(String breaker, State state, int share) {
    publish(
        BreakerState.newBuilder()
            .setBreaker(breaker)
            .setState(state)
            .setEpoch(epochs.getOrDefault(breaker, 0L) + 1)
            .setAdmittedShare(share)
            .setRetryAfterMillis(share < Entry.ALL ? RETRY_AFTER_MILLIS : 0)
            .setReason("as the test wants it")
            .setDecidedAtMillis(time.millis())
            .build());
  }

  private void look() {
    if (fleetLives) {
      board.pulse().heard(time.nanos());
    }
    reporter.tick();
    for (ProducerRecord<String, byte[]> each : told.history()) {
      if (each.topic().equals(Topics.OBSERVATIONS.name())) {
        count(observations.deserialize(each.topic(), each.value()));
      }
    }
    told.clear();
  }

  private void count(Observation observation) {
    Seen before = seen.getOrDefault(observation.getBreaker(), Seen.NOTHING);
    seen.put(observation.getBreaker(), before.and(observation));
  }

  /** Time that passes when it is told to. */
  private static final class Time extends Clocks {

    private static final long START_MILLIS = 1_700_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();

    @Override
    long nanos() {
      return nanos.get();
    }

    @Override
    long millis() {
      return START_MILLIS + nanos.get() / 1_000_000;
    }

    void pass(Duration duration) {
      nanos.addAndGet(duration.toNanos());
    }
  }

  /** No Kafka. */
  static final class Unconnected implements Connection {

    @Override
    public boolean awaitReady(Duration timeout) {
      return true;
    }

    @Override
    public Parking parking(String queue, String breaker) {
      throw new UnsupportedOperationException("parking needs Kafka");
    }

    @Override
    public Replay replay(String queue, String breaker, ReplayHandler handler) {
      throw new UnsupportedOperationException("replay needs Kafka");
    }

    @Override
    public void followQuotas() {}

    @Override
    public void stopReplays() {}

    @Override
    public void close() {}
  }
}
