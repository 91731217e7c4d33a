package dev.switchgear.spring;

import dev.switchgear.guard.Bulkhead;
import dev.switchgear.guard.CallPool;
import dev.switchgear.guard.FleetRateLimiter;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.GuardedCallBuilder;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Retry;
import dev.switchgear.guard.Switchgear;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Guards as {@code switchgear.guards.NAME.*} describes them, for code that makes its calls itself.
 * Each of them is described once at the start, so that what is wrong fails that. Thread-safe.
 */
public final class ConfiguredGuards {

  private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9-]+");

  /** What Spring Boot drops of the key of a map that is not in brackets. */
  private static final Pattern DROPPED = Pattern.compile("[^a-zA-Z0-9-]");

  /** What a policy can name. */
  private static final Pattern TIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private final Switchgear gear;
  private final Map<String, GuardProperties> all;
  private final CallTier tiers;

  /** The first of each guard that is described: its limits are those of all of that name. */
  private final Map<String, GuardedCall<?>> first = new HashMap<>();

  /**
   * Checks every guard that is described.
   *
   * @param tiers of calls of guards whose properties name none
   */
  ConfiguredGuards(Switchgear gear, Map<String, GuardProperties> all, CallTier tiers) {
    this.gear = gear;
    this.all = Map.copyOf(all);
    this.tiers = tiers;
    this.all.keySet().forEach(name -> first.put(name, describe(name, Object.class).build()));
  }

  /**
   * Starts to describe a guarded call with what the properties say; what they do not say can be
   * added. What is built is to be kept. Rate limits, bulkhead and pool are the same for all that
   * have the guard's name.
   *
   * @param name of the guard; its breaker's id, unless a property names another
   * @param answer what the calls give
   */
  public <T> GuardedCallBuilder<T> describe(String name, Class<T> answer) {
    GuardProperties properties = properties(name);
    String id = Objects.requireNonNullElse(properties.breaker(), name);
    GuardedCallBuilder<T> builder = of(prefix(name) + ".breaker", id, () -> gear.guard(id, answer));
    var described = new Described<>(name, id, builder);
    described.time(properties);
    described.limits(properties, first.get(name));
    described.errors(properties);
    return described.builder;
  }

  /** What is said of a guard. */
  GuardProperties properties(String name) {
    GuardProperties known = all.get(name);
    if (known != null) {
      return known;
    }
    String dropped = DROPPED.matcher(name).replaceAll("");
    if (!dropped.equals(name) && all.containsKey(dropped)) {
      throw new MisconfiguredException(
          prefix(dropped), "the guard is \"" + name + "\"", prefix(name) + ", in brackets");
    }
    return GuardProperties.NONE;
  }

  private static String prefix(String name) {
    String prefix = SwitchgearProperties.PREFIX + ".guards";
    return PLAIN.matcher(name).matches() ? prefix + "." + name : prefix + "[" + name + "]";
  }

  private static <V> V of(String property, @Nullable Object value, Supplier<V> making) {
    try {
      return making.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw MisconfiguredException.of(property, value, e);
    }
  }

  /** One guard that is being described: what its builder refuses is told by the property's name. */
  private final class Described<T> {

    private final String name;
    private final String prefix;
    private final String breaker;
    private GuardedCallBuilder<T> builder;

    Described(String name, String breaker, GuardedCallBuilder<T> builder) {
      this.name = name;
      this.prefix = prefix(name);
      this.breaker = breaker;
      this.builder = builder;
    }

    void time(GuardProperties said) {
      Duration timeout = said.timeout();
      Duration unless = said.recommendedTimeout();
      if (timeout != null && unless != null) {
        throw bad("recommended-timeout", unless, "not together with timeout");
      }
      if (timeout != null) {
        set("timeout", timeout, to -> to.timeout(timeout));
      }
      if (unless != null) {
        set("recommended-timeout", unless, to -> to.recommendedTimeout(unless));
      }
    }

    void limits(GuardProperties said, @Nullable GuardedCall<?> first) {
      if (first == null) {
        limits(said);
      } else {
        builder = builder.limitsOf(first);
      }
      if (said.critical()) {
        builder = critical(said);
      }
    }

    private GuardedCallBuilder<T> critical(GuardProperties said) {
      if (said.bulkhead() == null) {
        throw bad("critical", true, "only with bulkhead");
      }
      if (said.bulkhead().forCritical() == 0 && said.bulkhead().forOthers() == 0) {
        throw bad("critical", true, "only with bulkhead.for-critical or bulkhead.for-others");
      }
      return builder.critical();
    }

    private void limits(GuardProperties said) {
      GuardProperties.RateLimited rate = said.rateLimit();
      if (rate != null) {
        set("rate-limit", rate, to -> rateLimited(to, rate));
      }
      GuardProperties.FleetLimited fleet = said.fleetRateLimit();
      if (fleet != null) {
        set("fleet-rate-limit", fleet, to -> fleetLimited(to, fleet));
      }
      GuardProperties.Compartment bulkhead = said.bulkhead();
      if (bulkhead != null) {
        set("bulkhead", bulkhead, to -> inBulkhead(to, bulkhead));
      }
      GuardProperties.Threads pool = said.pool();
      if (pool != null) {
        set("pool", pool, to -> inPool(to, pool));
      }
    }

    void errors(GuardProperties said) {
      if (said.idempotent()) {
        builder = builder.idempotent();
      }
      GuardProperties.Again again = said.retry();
      if (again != null && !said.idempotent()) {
        throw bad("retry", again, "only with idempotent: true");
      }
      if (again != null) {
        set("retry", again, to -> to.retry(retry(again)));
      }
      if (!said.ignoredErrors().isEmpty()) {
        builder = builder.errorTypes(said::errorType);
      }
    }

    private GuardedCallBuilder<T> rateLimited(
        GuardedCallBuilder<T> to, GuardProperties.RateLimited said) {
      long calls = required("rate-limit.calls", said.calls(), "1..1,000,000,000");
      long burst = Objects.requireNonNullElse(said.burst(), calls);
      RateLimit limit = new RateLimit(calls, said.per(), burst);
      String name = said.sharedAs();
      return name == null ? to.rateLimit(limit) : to.rateLimit(gear.rateLimiter(name, limit));
    }

    private GuardedCallBuilder<T> fleetLimited(
        GuardedCallBuilder<T> to, GuardProperties.FleetLimited said) {
      RateLimit alone = alone(said.alone());
      String limit = Objects.requireNonNullElse(said.sharedAs(), breaker);
      return to.fleetRateLimit(gear.fleetRateLimiter(limit, alone), tier(said.tier()));
    }

    private RateLimit alone(GuardProperties.@Nullable Alone said) {
      String key = "fleet-rate-limit.alone";
      String expected = "1..1,000,000,000";
      if (said == null) {
        throw bad(key + ".calls", null, expected);
      }
      long calls = required(key + ".calls", said.calls(), expected);
      long burst = Objects.requireNonNullElse(said.burst(), calls);
      return of(prefix + "." + key, said, () -> new RateLimit(calls, said.per(), burst));
    }

    private Supplier<String> tier(@Nullable String said) {
      if (said == null) {
        return () -> Objects.requireNonNullElse(tiers.of(name), FleetRateLimiter.NO_TIER);
      }
      if (!TIER.matcher(said).matches()) {
        throw bad(
            "fleet-rate-limit.tier",
            said,
            "1..63 letters, digits, '.', '_' and '-', first a letter or digit");
      }
      return () -> said;
    }

    private GuardedCallBuilder<T> inBulkhead(
        GuardedCallBuilder<T> to, GuardProperties.Compartment said) {
      int calls = required("bulkhead.calls", said.calls(), "1..100,000");
      String name = said.sharedAs();
      if (name == null && (said.forCritical() != 0 || said.forOthers() != 0)) {
        throw bad("bulkhead.shared-as", null, "a name, for guards of both kinds to share it");
      }
      if (name == null) {
        return to.bulkhead(calls);
      }
      Bulkhead shared = gear.bulkhead(name, calls, said.forCritical(), said.forOthers());
      return to.bulkhead(shared);
    }

    private GuardedCallBuilder<T> inPool(GuardedCallBuilder<T> to, GuardProperties.Threads said) {
      int threads = required("pool.threads", said.threads(), "1..10,000");
      String name = said.sharedAs();
      if (name == null) {
        return to.pool(threads, said.queue());
      }
      CallPool shared = gear.pool(name, threads, said.queue());
      return to.pool(shared);
    }

    private Retry retry(GuardProperties.Again said) {
      return new Retry(said.attempts(), said.share(), said.backOff());
    }

    private <V> V required(String key, @Nullable V value, String expected) {
      if (value == null) {
        throw bad(key, null, expected);
      }
      return value;
    }

    private void set(String key, Object value, UnaryOperator<GuardedCallBuilder<T>> how) {
      builder = of(prefix + "." + key, value, () -> how.apply(builder));
    }

    private MisconfiguredException bad(String key, @Nullable Object value, String expected) {
      return new MisconfiguredException(prefix + "." + key, value, expected);
    }
  }
}
