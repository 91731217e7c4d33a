package dev.switchgear.gamedays.shop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** The calls of the last two seconds, for people to look at. Thread-safe. */
public final class Traffic {

  private static final Duration SPAN = Duration.ofSeconds(2);

  /** Two seconds at eight times the highest rate; beyond it the oldest calls are left out. */
  private static final int CALLS_LIMIT = 8_192;

  private final LongSupplier clockNanos;
  private final Deque<Call> calls = new ArrayDeque<>();

  /** Begins empty. */
  public Traffic() {
    this(System::nanoTime);
  }

  Traffic(LongSupplier clockNanos) {
    this.clockNanos = clockNanos;
  }

  private record Call(long atNanos, long elapsedNanos, boolean failed) {}

  /**
   * The calls of the last two seconds in three numbers.
   *
   * @param errorShare 0..1; 0 without calls
   * @param p99Millis 0 without calls
   */
  public record Window(double perSecond, double errorShare, double p99Millis) {}

  /** One call has ended. */
  public synchronized void record(long elapsedNanos, boolean failed) {
    forgetOld();
    if (calls.size() == CALLS_LIMIT) {
      calls.removeFirst();
    }
    calls.addLast(new Call(clockNanos.getAsLong(), elapsedNanos, failed));
  }

  /** How it was until now. */
  public synchronized Window window() {
    forgetOld();
    if (calls.isEmpty()) {
      return new Window(0, 0, 0);
    }
    long failed = calls.stream().filter(Call::failed).count();
    long[] sorted = calls.stream().mapToLong(Call::elapsedNanos).sorted().toArray();
    long p99 = sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
    return new Window(
        (double) sorted.length / SPAN.toSeconds(), (double) failed / sorted.length, p99 / 1e6);
  }

  private void forgetOld() {
    long oldest = clockNanos.getAsLong() - SPAN.toNanos();
    while (!calls.isEmpty() && calls.getFirst().atNanos() - oldest < 0) {
      calls.removeFirst();
    }
  }
}
