package dev.switchgear.guard;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Limits that guards share by name: whoever asks for a name again gets what was made first. */
final class Shared {

  /** Of each kind; names are written in programs. */
  private static final int MOST = 1_000;

  private final Clocks clocks;
  private final Map<String, RateLimiter> rateLimiters = new HashMap<>();
  private final Map<String, ClientRateLimiter> clientRateLimiters = new HashMap<>();
  private final Map<String, FleetRateLimiter> fleetRateLimiters = new HashMap<>();
  private final Map<String, Bulkhead> bulkheads = new HashMap<>();
  private final Map<String, CallPool> pools = new HashMap<>();

  Shared(Clocks clocks) {
    this.clocks = clocks;
  }

  RateLimiter rateLimiter(String name, RateLimit limit) {
    return of(
        rateLimiters,
        name,
        known -> known.limit().equals(limit),
        () -> new RateLimiter(name, limit, clocks));
  }

  ClientRateLimiter clientRateLimiter(String name, RateLimit limit, int clients) {
    return of(
        clientRateLimiters,
        name,
        known -> known.isLike(limit, clients),
        () -> new ClientRateLimiter(name, limit, clients, clocks));
  }

  FleetRateLimiter fleetRateLimiter(String name, RateLimit alone, FleetLimits limits) {
    return of(
        fleetRateLimiters,
        name,
        known -> known.alone().equals(alone),
        () -> limits.add(new FleetRateLimiter(name, alone, clocks)));
  }

  Bulkhead bulkhead(String name, int calls, int forCritical, int forOthers) {
    return of(
        bulkheads,
        name,
        known -> known.isLike(calls, forCritical, forOthers),
        () -> Bulkhead.of(name, calls, forCritical, forOthers));
  }

  CallPool pool(String name, int threads, int queue) {
    return of(
        pools,
        name,
        known -> known.isLike(threads, queue),
        () -> new CallPool(name, threads, queue));
  }

  private synchronized <V> V of(
      Map<String, V> all, String name, Predicate<V> alike, Supplier<V> maker) {
    V known = all.get(Names.check("name", name));
    if (known == null) {
      if (all.size() >= MOST) {
        throw new IllegalStateException(
            "name: \"%s\" would be number %d (expected: at most %d; is it made up at run time?)"
                .formatted(name, all.size() + 1, MOST));
      }
      V made = maker.get();
      all.put(name, made);
      return made;
    }
    if (!alike.test(known)) {
      throw new IllegalArgumentException(
          "name: \"%s\" with other limits than at first (expected: the same)".formatted(name));
    }
    return known;
  }
}
