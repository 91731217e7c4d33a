package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A token bucket without locks. Thread-safe.
 *
 * <p>The bucket is one number: the moment at which it would be full again (the "theoretical arrival
 * time" of the generic cell rate algorithm, ITU-T I.371). Taking a token moves it on by what a
 * token takes to grow; it must not be further ahead than the burst takes to grow. The moment is in
 * sixteenths of a nanosecond, so that a token of a billion a second has a length, and may wrap
 * after eighteen years: only differences count.
 *
 * <p>Where the burst is large, threads take several tokens at once and keep them in a stripe of
 * their own, so that they seldom write to the same cache line; the owner of a stripe ({@link
 * Stripe}) keeps them where nobody else takes from. What may lie in stripes is left out of the
 * burst: never are more tokens given out than the limit says, but up to an eighth of the burst may
 * be refused early.
 */
final class TokenBucket {

  private static final VarHandle KEPT = MethodHandles.arrayElementVarHandle(int[].class);

  private static final int SIXTEENTHS_LOG2 = 4;

  private static final long THOUSAND = 1_000;

  /** Of the burst, the part that may lie in stripes. */
  private static final int IN_STRIPES = 8;

  private static final int MOST_AT_ONCE = 64;

  /** 128 bytes: two cache lines, because processors fetch them in pairs. */
  private static final int STRIDE = 32;

  /** In a cache line of its own. */
  private static final int OF_OWNER = STRIDE / 2;

  /**
   * 128 bytes: where threads keep tokens, all look at what lies beside, and seldom at the moment.
   */
  private static final int APART = 16;

  /** Where tokens may lie: two in each stripe. */
  private static final int PLACES = 2 * Stripe.COUNT;

  private static final int[] NO_STRIPES = {};

  private final long interval;
  private final long tolerance;
  private final int atOnce;
  private final int[] kept;

  private final AtomicLongArray fullAt;

  /** Where in the array; around it is nothing. */
  private final int at;

  private final Clocks clocks;

  private TokenBucket(long interval, long burst, int atOnce, double tokens, Clocks clocks) {
    this.interval = Math.max(1, interval);
    this.atOnce = atOnce;
    this.kept = atOnce == 1 ? NO_STRIPES : new int[Stripe.length(STRIDE)];
    this.tolerance = this.interval * (burst - (long) PLACES * (atOnce - 1));
    long there = (long) Math.min((double) tolerance, tokens * this.interval);
    this.at = atOnce == 1 ? 0 : APART;
    this.fullAt = new AtomicLongArray(2 * at + 1);
    this.clocks = clocks;
    fullAt.set(at, now() + tolerance - there);
  }

  /** A full bucket that many threads take from. */
  static TokenBucket shared(RateLimit limit, Clocks clocks) {
    long burst = limit.burst();
    return new TokenBucket(interval(limit), burst, atOnce(burst), burst, clocks);
  }

  /** A full bucket of one of many clients: small, and exact to the token. */
  static TokenBucket ofClient(RateLimit limit, Clocks clocks) {
    return new TokenBucket(interval(limit), limit.burst(), 1, limit.burst(), clocks);
  }

  /**
   * A bucket that goes on where another one was, for many threads, with the tokens that are left in
   * that, as far as they fit. What is larger fills with time: a token that is there beforehand
   * would be one that nobody gave up.
   *
   * @param thousandths of a token, that it gains in each period and holds at the most; but at least
   *     one token. 0 for a bucket that never has any
   */
  static TokenBucket ofShare(long thousandths, Duration per, TokenBucket before) {
    long period = per.toNanos() << SIXTEENTHS_LOG2;
    if (thousandths == 0) {
      return new TokenBucket(period, 0, 1, 0, before.clocks);
    }
    long burst = Math.max(1, thousandths / THOUSAND);
    long interval = period * THOUSAND / thousandths;
    return new TokenBucket(interval, burst, atOnce(burst), before.tokens(), before.clocks);
  }

  /** A bucket of this limit, with the tokens that are left in this one, as far as they fit. */
  TokenBucket goOn(RateLimit limit) {
    long burst = limit.burst();
    return new TokenBucket(interval(limit), burst, atOnce(burst), tokens(), clocks);
  }

  private static long interval(RateLimit limit) {
    return (limit.per().toNanos() << SIXTEENTHS_LOG2) / limit.calls();
  }

  private static int atOnce(long burst) {
    long atOnce = burst / ((long) IN_STRIPES * PLACES);
    return (int) Math.max(1, Math.min(MOST_AT_ONCE, atOnce));
  }

  /** What is left, but for what lies in stripes. */
  private double tokens() {
    long missing = Math.max(0, fullAt.get(at) - now());
    return (double) Math.max(0, tolerance - missing) / interval;
  }

  /** Takes a token if there is one. The clock is read only where the thread keeps none. */
  boolean take() {
    return (atOnce > 1 && takeKept()) || takeSome(now());
  }

  /** Undoes one {@link #take}. */
  void giveBack() {
    fullAt.getAndAdd(at, -interval);
  }

  /** Whether it is as good as a new one. Only of a client's bucket. */
  boolean isFull(long nowNanos) {
    return (nowNanos << SIXTEENTHS_LOG2) - fullAt.get(at) >= 0;
  }

  private long now() {
    return clocks.nanos() << SIXTEENTHS_LOG2;
  }

  private boolean takeKept() {
    int mine = Stripe.mine();
    if (!Stripe.isOwned(mine)) {
      return takeKept(mine);
    }
    int index = Stripe.start(mine, STRIDE) + OF_OWNER;
    int tokens = (int) KEPT.getOpaque(kept, index);
    if (tokens == 0) {
      return false;
    }
    KEPT.setOpaque(kept, index, tokens - 1);
    return true;
  }

  /** Keeps tokens for this thread's next calls, or puts them back where there are some already. */
  private void keep(int tokens) {
    int mine = Stripe.mine();
    if (Stripe.isOwned(mine)) {
      KEPT.setOpaque(kept, Stripe.start(mine, STRIDE) + OF_OWNER, tokens);
    } else if (!KEPT.compareAndSet(kept, Stripe.start(mine, STRIDE), 0, tokens)) {
      fullAt.getAndAdd(at, -tokens * interval);
    }
  }

  private boolean takeKept(int stripe) {
    int index = Stripe.start(stripe, STRIDE);
    int tokens = (int) KEPT.getOpaque(kept, index);
    while (tokens > 0) {
      int found = (int) KEPT.compareAndExchange(kept, index, tokens, tokens - 1);
      if (found == tokens) {
        return true;
      }
      tokens = found;
    }
    return false;
  }

  private boolean takeSome(long now) {
    while (true) {
      long seen = fullAt.get(at);
      long from = seen - now > 0 ? seen : now;
      long room = now + tolerance - from;
      long tokens = atOnce == 1 || room < 2 * interval ? 1 : Math.min(atOnce, room / interval);
      if (room < interval) {
        return takeAnybodys();
      }
      if (fullAt.compareAndSet(at, seen, from + tokens * interval)) {
        if (tokens > 1) {
          keep((int) tokens - 1);
        }
        return true;
      }
    }
  }

  private boolean takeAnybodys() {
    if (atOnce == 1) {
      return false;
    }
    for (int stripe = 0; stripe < Stripe.COUNT; stripe++) {
      if (takeKept(stripe)) {
        return true;
      }
    }
    return false;
  }
}
