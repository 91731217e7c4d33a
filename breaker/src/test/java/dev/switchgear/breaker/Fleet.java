package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Callers of one dependency, call by call: they call at random (Poisson) or at a steady pace, and
 * each reports what it saw every 250 ms, at a phase of its own. Only the way of a report to the
 * breaker takes no time.
 */
final class Fleet {

  static final long TICK = 25;
  private static final int PHASES = (int) (Samples.INTERVAL / TICK);

  private final SplittableRandom random;
  private final double callsPerTick;
  private final boolean steady;
  private final int[] calls;
  private final int[] failed;
  final Breaker breaker;
  private long tick;
  private long failedInAll;
  private double due;

  static Fleet random(double callsPerSecond, int callers, BreakerPolicy policy, long seed) {
    return new Fleet(callsPerSecond, callers, policy, seed, false);
  }

  static Fleet steady(double callsPerSecond, int callers, BreakerPolicy policy, long seed) {
    return new Fleet(callsPerSecond, callers, policy, seed, true);
  }

  private Fleet(
      double callsPerSecond, int callers, BreakerPolicy policy, long seed, boolean steady) {
    this.steady = steady;
    this.random = new SplittableRandom(seed);
    this.callsPerTick = callsPerSecond * TICK / 1_000;
    this.calls = new int[callers];
    this.failed = new int[callers];
    this.tick = Machine.START / TICK + random.nextInt(PHASES);
    this.breaker = new Breaker("payments/charge", policy, now());
  }

  long now() {
    return tick * TICK;
  }

  long failedInAll() {
    return failedInAll;
  }

  /** Lets the fleet call until the breaker trips, or for so long; says whether it tripped. */
  boolean tripsWithin(long millis, double errorShare) {
    long end = now() + millis;
    while (now() < end) {
      tick++;
      call(errorShare);
      if (report()) {
        return true;
      }
    }
    return false;
  }

  private void call(double errorShare) {
    for (int more = steady ? next() : poisson(callsPerTick); more > 0; more--) {
      int caller = random.nextInt(calls.length);
      boolean bad = random.nextDouble() < errorShare;
      calls[caller]++;
      failed[caller] += bad ? 1 : 0;
      failedInAll += bad ? 1 : 0;
    }
  }

  private boolean report() {
    for (int caller = (int) (tick % PHASES); caller < calls.length; caller += PHASES) {
      if (calls[caller] > 0 && breaker.observe(sample(caller), now()).transition().isPresent()) {
        return true;
      }
    }
    return false;
  }

  private CallSample sample(int caller) {
    CallSample sample =
        new CallSample(
            "checkout",
            "checkout-" + caller,
            now() - Samples.INTERVAL,
            now(),
            breaker.epoch(),
            calls[caller],
            failed[caller] == 0 ? Map.of() : Map.of("timeout", (long) failed[caller]),
            0,
            ExponentialHistogram.empty(),
            List.of());
    calls[caller] = 0;
    failed[caller] = 0;
    return sample;
  }

  private int next() {
    due += callsPerTick;
    int now = (int) due;
    due -= now;
    return now;
  }

  /** Knuth's method, in parts that do not underflow. */
  private int poisson(double mean) {
    int sum = 0;
    for (double left = mean; left > 0; left -= 30) {
      double limit = Math.exp(-Math.min(30, left));
      for (double product = random.nextDouble(); product > limit; sum++) {
        product *= random.nextDouble();
      }
    }
    return sum;
  }
}
