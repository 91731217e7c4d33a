package dev.switchgear.guard;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A rate limit for each client, by whatever key tells them apart. Clients are bounded in number:
 * those that have not called for so long that nothing is held against them are forgotten, and while
 * more than that call at a time, the rest share one limit. Thread-safe.
 */
public final class ClientRateLimiter {

  /** What those share that are over the number of clients. */
  static final String OTHERS = "*";

  private static final int MOST_CLIENTS = 1_000_000;

  /** Forgetting looks at all clients, so it is done at most this often. */
  private static final long SWEEP_NANOS = 100_000_000;

  private final Refusal.Quota quota;
  private final int clients;
  private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();
  private final Refusal[] refusals;
  private final Clocks clocks;
  private final AtomicLong sweptNanos;

  ClientRateLimiter(String name, RateLimit limit, int clients, Clocks clocks) {
    if (clients < 1 || clients > MOST_CLIENTS) {
      throw new IllegalArgumentException(
          "clients: " + clients + " (expected: 1.." + MOST_CLIENTS + ")");
    }
    this.quota = new Refusal.Quota(Names.check("name", name), limit);
    this.clients = clients;
    this.clocks = clocks;
    this.sweptNanos = new AtomicLong(clocks.nanos() - SWEEP_NANOS);
    this.refusals = Limited.refusal(quota, name, 0).variants();
  }

  /** Its name. */
  public String name() {
    return quota.name();
  }

  /** How many calls each client may make. */
  public RateLimit limit() {
    return quota.limit();
  }

  /** Clients that something is held against, at most, with those not yet forgotten. */
  public int clients() {
    return buckets.size();
  }

  /** Counts one call of a client, or refuses it. */
  public Optional<Refusal> refuse(String client) {
    return take(client) ? Optional.empty() : Optional.of(Refusal.any(refusals));
  }

  boolean isLike(RateLimit limit, int most) {
    return quota.limit().equals(limit) && clients == most;
  }

  Refusal.Quota quota() {
    return quota;
  }

  boolean take(String client) {
    return bucket(client).take();
  }

  void giveBack(String client) {
    TokenBucket own = buckets.get(client);
    TokenBucket bucket = own != null ? own : buckets.get(OTHERS);
    if (bucket != null) {
      bucket.giveBack();
    }
  }

  private TokenBucket bucket(String client) {
    TokenBucket known = buckets.get(client);
    if (known != null) {
      return known;
    }
    long now = clocks.nanos();
    boolean room = buckets.size() < clients || forget(each -> each.isFull(now), now);
    String key = room ? client : OTHERS;
    return buckets.computeIfAbsent(key, unseen -> TokenBucket.ofClient(quota.limit(), clocks));
  }

  /** Makes room; a bucket that is full is as good as the new one that its client would get. */
  private boolean forget(Predicate<TokenBucket> idle, long nowNanos) {
    long swept = sweptNanos.get();
    boolean mine = nowNanos - swept >= SWEEP_NANOS && sweptNanos.compareAndSet(swept, nowNanos);
    return mine && buckets.values().removeIf(idle) && buckets.size() < clients;
  }
}
