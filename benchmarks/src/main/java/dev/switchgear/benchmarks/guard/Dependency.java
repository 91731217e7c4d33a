package dev.switchgear.benchmarks.guard;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * What is called: as good as nothing, so that what stands around it is measured. And the limits of
 * all who guard it, out of its reach.
 */
final class Dependency {

  /** A breaker opens when more than this part of the calls fails; half of them may. */
  static final double FAILURES = 0.8;

  static final int FAILURES_PERCENT = 80;

  /** And not before so many calls; where calls are the window, it is the last so many. */
  static final int CALLS = 100;

  /** Where time is the window. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  /** An open breaker stays so for longer than is measured. */
  static final Duration OPEN_FOR = Duration.ofHours(1);

  /** A second. */
  static final int RATE = 1_000_000_000;

  /** At a time. */
  static final int BULKHEAD = 32;

  /** More than measure; a power of two. */
  private static final int THREADS = 16;

  /** So many exceptions are more than two cache lines. */
  private static final int APART = 8;

  static final Object ANSWER = "answer";
  static final Object FALLBACK = "fallback";

  private Dependency() {}

  /** Fails; without a stack, as looking for that would be all there is to measure. */
  static final class Trouble extends Exception {

    static final String NAME = "Trouble";
    private static final long serialVersionUID = 1;

    Trouble() {
      super("no answer", null, false, false);
    }
  }

  /** A call that is answered. */
  static Callable<Object> answers() {
    return () -> ANSWER;
  }

  /**
   * A call that fails. Each thread meets an exception of its own, far from others: whoever looks
   * for its cause takes the exception's lock, and two threads would wait for each other as they
   * never do elsewhere.
   */
  static Callable<Object> fails() {
    Trouble[] troubles =
        Stream.generate(Trouble::new).limit(THREADS * APART).toArray(Trouble[]::new);
    return () -> {
      int mine = (int) Thread.currentThread().getId() & (THREADS - 1);
      throw troubles[mine * APART];
    };
  }
}
