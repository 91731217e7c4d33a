package dev.switchgear.benchmarks.fleet;

import dev.switchgear.breaker.policy.BreakerPolicy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.SplittableRandom;

/** Who is compared. */
public enum Contender {
  /** The built-in policy: 10 % of failed calls accepted. */
  SWITCHGEAR("Switchgear, shared"),

  /** The same policy, but a back-off of 5 s that does not grow. */
  SHARED_QUICK("Switchgear, shared, quick"),

  /** As it comes (windows of 100 calls, open for 60 s, 10 probes), but at the same 10 %. */
  DEFAULTS("Resilience4j, defaults at 10 %"),

  /** Small windows at the same 10 %, open for 5 s, 3 probes. */
  QUICK("Resilience4j, quick at 10 %"),

  /** Small windows at the library's own 50 %, open for 5 s, 3 probes. */
  QUICK_AT_HALF("Resilience4j, quick at 50 %"),

  /** The same, but it stays open as long as Switchgear's policy says. */
  BACKING_OFF("Resilience4j, quick, back-off");

  private static final BreakerPolicy POLICY = BreakerPolicy.DEFAULT;
  private static final float SAME_PERCENT = (float) (100 * POLICY.errors().acceptedShare());

  private static final float HALF = CircuitBreakerConfig.DEFAULT_FAILURE_RATE_THRESHOLD;
  private static final IntervalFunction SHORT = IntervalFunction.of(Duration.ofSeconds(5));

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** The name, for people. */
  public String title() {
    return title;
  }

  Protection protect(Outage outage, Agenda agenda) {
    return switch (this) {
      case SWITCHGEAR -> new SharedBreaker(outage, POLICY, agenda);
      case SHARED_QUICK -> new SharedBreaker(outage, quickPolicy(), agenda);
      case DEFAULTS -> own(CircuitBreakerConfig.custom(), SAME_PERCENT, outage, agenda);
      case QUICK -> own(quick(SHORT), SAME_PERCENT, outage, agenda);
      case QUICK_AT_HALF -> own(quick(SHORT), HALF, outage, agenda);
      case BACKING_OFF -> own(quick(backOff(outage.seed())), HALF, outage, agenda);
    };
  }

  private static BreakerPolicy quickPolicy() {
    Duration first = POLICY.backOff().first();
    return new BreakerPolicy(
        POLICY.version(),
        POLICY.enforced(),
        POLICY.errors(),
        POLICY.slowness(),
        POLICY.falseTripsPerDay(),
        new BreakerPolicy.BackOff(first, 1, first, POLICY.backOff().jitter()),
        POLICY.probes(),
        POLICY.ramp(),
        POLICY.windows(),
        POLICY.timeout(),
        POLICY.staleAfter());
  }

  private static Protection own(
      CircuitBreakerConfig.Builder config, float percent, Outage outage, Agenda agenda) {
    return new OwnBreakers(outage.instances(), config.failureRateThreshold(percent), agenda);
  }

  private static CircuitBreakerConfig.Builder quick(IntervalFunction open) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(10, 5, SlidingWindowType.COUNT_BASED)
        .waitIntervalFunctionInOpenState(open)
        .permittedNumberOfCallsInHalfOpenState(3);
  }

  private static IntervalFunction backOff(long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    return attempt -> POLICY.backOff().millis(attempt - 1, random.nextDouble());
  }
}
