package dev.switchgear.benchmarks.fleet;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A Resilience4j breaker in each instance, which knows that instance's calls and no others. */
final class OwnBreakers implements Protection {

  private static final long TICKET = 0;

  private final CircuitBreaker[] breakers;
  private final boolean[] closed;
  private int free;

  OwnBreakers(int instances, CircuitBreakerConfig.Builder config, Agenda agenda) {
    CircuitBreakerConfig inSimulatedTime = config.clock(new SimulatedClock(agenda)).build();
    this.breakers = new CircuitBreaker[instances];
    Arrays.setAll(breakers, i -> CircuitBreaker.of("instance-" + i, inSimulatedTime));
    this.closed = new boolean[instances];
    Arrays.fill(closed, true);
    this.free = instances;
  }

  @Override
  public long admit(int instance) {
    boolean admitted = breakers[instance].tryAcquirePermission();
    look(instance);
    return admitted ? TICKET : REFUSED;
  }

  @Override
  public void ended(int instance, long ticket, boolean failed, long millis) {
    if (failed) {
      breakers[instance].onError(millis, TimeUnit.MILLISECONDS, new Failure());
    } else {
      breakers[instance].onSuccess(millis, TimeUnit.MILLISECONDS);
    }
    look(instance);
  }

  @Override
  public int free() {
    return free;
  }

  private void look(int instance) {
    boolean now = breakers[instance].getState() == State.CLOSED;
    if (now != closed[instance]) {
      closed[instance] = now;
      free += now ? 1 : -1;
    }
  }

  /** What a call to a dead dependency throws. */
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private Failure() {
      super("dead", null, false, false);
    }
  }

  private static final class SimulatedClock extends Clock {

    private final Agenda agenda;

    private SimulatedClock(Agenda agenda) {
      this.agenda = agenda;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(agenda.nowMillis());
    }
  }
}
