package dev.switchgear.spring;

import dev.switchgear.guard.CallCounts;
import dev.switchgear.guard.DegradedCount;
import dev.switchgear.guard.Health;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.schemas.State;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meters of all guards of this instance, whoever made them. They read, once a second, what the
 * guards have counted anyway, so that a call costs no more with them.
 */
final class GuardMeters implements MeterBinder, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GuardMeters.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Breakers that get meters, some ten time series each. */
  private static final int MOST = 1_000;

  private static final double ALL = 10_000;

  /** All that a breaker can be in. */
  private static final Set<State> STATES = EnumSet.complementOf(EnumSet.of(State.UNKNOWN));

  private final Switchgear gear;
  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(GuardMeters::thread);
  private final Future<?> looking;
  private final Set<String> breakers = new HashSet<>();
  private final Set<String> degradations = new HashSet<>();
  private volatile Look look = new Look(Map.of(), Map.of(), Map.of());

  /** What was seen at one time. */
  private record Look(
      Map<String, CallCounts> counts,
      Map<String, Health.Belief> beliefs,
      Map<String, DegradedCount> degraded) {}

  GuardMeters(Switchgear gear) {
    this.gear = gear;
    this.looking =
        executor.scheduleWithFixedDelay(
            this::lookAgain, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    registries.add(registry);
    breakers.clear();
    degradations.clear();
    look();
  }

  @Override
  public void close() {
    looking.cancel(false);
    executor.shutdown();
  }

  private void lookAgain() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.error("Cannot read what guards have counted", e);
    }
  }

  /** Reads everything, and makes meters for what is new. */
  synchronized void look() {
    Look now =
        new Look(
            by(gear.counts(), CallCounts::breaker),
            by(gear.health().beliefs(), Health.Belief::breaker),
            by(gear.degraded(), GuardMeters::key));
    look = now;
    now.counts().keySet().stream().filter(this::isNew).forEach(this::meter);
    now.degraded().forEach(this::meterDegraded);
  }

  private boolean isNew(String breaker) {
    return breakers.size() < MOST && breakers.add(breaker);
  }

  private void meter(String breaker) {
    Tags tags = Tags.of("breaker", breaker);
    for (MeterRegistry registry : registries) {
      count(registry, tags.and("outcome", "success"), breaker, c -> c.calls() - c.errors());
      count(registry, tags.and("outcome", "error"), breaker, CallCounts::errors);
      FunctionCounter.builder("switchgear.guard.refusals", this, m -> m.refusals(breaker))
          .description("Calls that the breaker refused")
          .baseUnit("calls")
          .tags(tags)
          .register(registry);
      Gauge.builder("switchgear.breaker.admitted", this, m -> m.admitted(breaker))
          .description("Share of calls that the breaker lets through, 0 to 1")
          .tags(tags)
          .register(registry);
      for (State state : STATES) {
        Gauge.builder("switchgear.breaker.state", this, m -> m.isIn(breaker, state))
            .description("1 for the state that the breaker is in, 0 for the others")
            .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
            .register(registry);
      }
    }
  }

  private void count(
      MeterRegistry registry, Tags tags, String breaker, ToDoubleFunction<CallCounts> what) {
    FunctionCounter.builder("switchgear.guard.calls", this, m -> m.counted(breaker, what))
        .description("Calls that were admitted, made and have ended")
        .baseUnit("calls")
        .tags(tags)
        .register(registry);
  }

  private void meterDegraded(String key, DegradedCount degraded) {
    if (degradations.size() >= MOST || !degradations.add(key)) {
      return;
    }
    Tags tags =
        Tags.of(
            "breaker", degraded.breaker(),
            "fallback", degraded.fallback(),
            "because", degraded.because());
    for (MeterRegistry registry : registries) {
      FunctionCounter.builder("switchgear.guard.degraded", this, m -> m.degraded(key))
          .description("Calls that a fallback answered")
          .baseUnit("calls")
          .tags(tags)
          .register(registry);
    }
  }

  private double counted(String breaker, ToDoubleFunction<CallCounts> what) {
    CallCounts counts = look.counts().get(breaker);
    return counts == null ? 0 : what.applyAsDouble(counts);
  }

  private double refusals(String breaker) {
    return counted(breaker, CallCounts::refusals);
  }

  private double admitted(String breaker) {
    Health.Belief belief = look.beliefs().get(breaker);
    return belief == null ? 1 : belief.admittedShare() / ALL;
  }

  private double isIn(String breaker, State state) {
    Health.Belief belief = look.beliefs().get(breaker);
    return belief != null && belief.state() == state ? 1 : 0;
  }

  private double degraded(String key) {
    DegradedCount degraded = look.degraded().get(key);
    return degraded == null ? 0 : degraded.calls();
  }

  private static String key(DegradedCount degraded) {
    return degraded.breaker() + "\n" + degraded.fallback() + "\n" + degraded.because();
  }

  private static <V> Map<String, V> by(List<V> all, Function<V, String> key) {
    return all.stream().collect(Collectors.toMap(key, Function.identity()));
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "switchgear-meters");
    thread.setDaemon(true);
    return thread;
  }
}
