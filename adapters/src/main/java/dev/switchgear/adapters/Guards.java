package dev.switchgear.adapters;

import dev.switchgear.guard.Bulkhead;
import dev.switchgear.guard.FleetRateLimiter;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.GuardedCallBuilder;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.RateLimiter;
import dev.switchgear.guard.Switchgear;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What breaker guards which request, and within what limits. Immutable but for what it counts, and
 * thread-safe; to be made once and given to one adapter.
 *
 * <pre>{@code
 * Guards.<HttpRequest>named(gear, "payments").timeout(ofSeconds(2)).bulkhead(32)
 * Guards.<HttpRequest>by(gear, request -> request.uri().getHost())
 * }</pre>
 *
 * @param <R> what the library calls a request
 */
public final class Guards<R> {

  private static final Logger LOG = LoggerFactory.getLogger(Guards.class);

  /**
   * Breakers that a function may name. A service has tens of dependencies; thousands of names are
   * made of what users send, and would be judged by a handful of calls each.
   */
  static final int MOST = 1_000;

  private final Switchgear gear;
  private final Function<? super R, @Nullable String> breaker;
  private final UnaryOperator<GuardedCallBuilder<Object>> limits;
  private final Map<String, GuardedCall<Object>> known = new ConcurrentHashMap<>();
  private final LongAdder unguarded = new LongAdder();

  private Guards(
      Switchgear gear,
      Function<? super R, @Nullable String> breaker,
      UnaryOperator<GuardedCallBuilder<Object>> limits) {
    this.gear = gear;
    this.breaker = breaker;
    this.limits = limits;
  }

  /**
   * One breaker for every request.
   *
   * @param breaker as for {@link Switchgear#guard(String)}
   */
  public static <R> Guards<R> named(Switchgear gear, String breaker) {
    Guards<R> guards = by(gear, request -> breaker);
    gear.guard(breaker);
    return guards;
  }

  /**
   * The breaker that the request names, of at most a thousand; requests that would name one more
   * are made unguarded, and counted ({@link #unguarded}).
   *
   * @param breaker gives the breaker's id, of low cardinality; null for a request that is not to be
   *     guarded
   */
  public static <R> Guards<R> by(Switchgear gear, Function<? super R, @Nullable String> breaker) {
    return new Guards<>(gear, breaker, UnaryOperator.identity());
  }

  /** No call takes longer, nor longer than its caller has left. */
  public Guards<R> timeout(Duration timeout) {
    return and(builder -> builder.timeout(timeout));
  }

  /**
   * The same, as long as the fleet recommends.
   *
   * @param unless where the fleet recommends nothing yet
   */
  public Guards<R> recommendedTimeout(Duration unless) {
    return and(builder -> builder.recommendedTimeout(unless));
  }

  /** At most so many calls at a time, of each breaker. */
  public Guards<R> bulkhead(int calls) {
    return and(builder -> builder.bulkhead(calls));
  }

  /** At most so many calls at a time, together with everybody else who uses the bulkhead. */
  public Guards<R> bulkhead(Bulkhead shared) {
    return and(builder -> builder.bulkhead(shared));
  }

  /** At most so many calls in a while, of each breaker. */
  public Guards<R> rateLimit(RateLimit limit) {
    return and(builder -> builder.rateLimit(limit));
  }

  /** At most so many calls in a while, together with everybody else who uses the limiter. */
  public Guards<R> rateLimit(RateLimiter shared) {
    return and(builder -> builder.rateLimit(shared));
  }

  /** At most this instance's share of what the whole fleet may make. */
  public Guards<R> fleetRateLimit(FleetRateLimiter shared) {
    return and(builder -> builder.fleetRateLimit(shared));
  }

  /** These calls may take the slots that a bulkhead keeps for critical calls. */
  public Guards<R> critical() {
    return and(GuardedCallBuilder::critical);
  }

  /** Decides a request that is about to be made. */
  public Attempt attempt(R request) {
    GuardedCall<Object> guard = guard(request);
    return guard == null ? Attempt.UNGUARDED : Attempt.of(guard, GuardedCall::admit);
  }

  /** Decides one more request of work that was admitted: {@link GuardedCall#admitFurther}. */
  public Attempt further(R request) {
    GuardedCall<Object> guard = guard(request);
    return guard == null ? Attempt.UNGUARDED : Attempt.of(guard, GuardedCall::admitFurther);
  }

  /**
   * Decides by the breaker alone, and takes nothing of the limits: for what is needed to make a
   * request and is none itself, as a connection is.
   */
  public Attempt unlimited(R request) {
    GuardedCall<Object> guard = guard(request);
    return guard == null
        ? Attempt.UNGUARDED
        : Attempt.of(guard, each -> gear.guard(each.breaker()).admit());
  }

  /** Requests made unguarded because a thousand breakers had been named. */
  public long unguarded() {
    return unguarded.sum();
  }

  private Guards<R> and(UnaryOperator<GuardedCallBuilder<Object>> more) {
    return new Guards<>(gear, breaker, builder -> more.apply(limits.apply(builder)));
  }

  private @Nullable GuardedCall<Object> guard(R request) {
    String name = breaker.apply(request);
    GuardedCall<Object> guard = name == null ? null : known.get(name);
    return name == null || guard != null || isFull(name)
        ? guard
        : known.computeIfAbsent(name, this::made);
  }

  private GuardedCall<Object> made(String name) {
    return limits.apply(gear.guard(name, Object.class)).build();
  }

  /** Told once: from then on it is so for good. */
  private boolean isFull(String name) {
    if (known.size() < MOST) {
      return false;
    }
    if (unguarded.sum() == 0) {
      LOG.warn("Not guarding {}: it is one more than {} breakers named by requests", name, MOST);
    }
    unguarded.increment();
    return true;
  }
}
