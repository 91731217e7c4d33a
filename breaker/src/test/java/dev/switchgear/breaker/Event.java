package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Anything that can happen to a breaker. */
sealed interface Event {

  long SECOND = 1_000;
  long HOUR = 3_600 * SECOND;

  /**
   * Calls as somebody saw them.
   *
   * @param epochsAgo 0 for calls of the running epoch; negative for one that is yet to come; {@link
   *     #UNGUARDED} for none
   * @param fromOffset start of the interval, relative to now
   */
  record Calls(
      int epochsAgo,
      long fromOffset,
      long interval,
      int calls,
      int failedPercent,
      int refused,
      boolean slow,
      boolean ignored)
      implements Event {

    static final int UNGUARDED = Integer.MAX_VALUE;

    long failed() {
      return (long) calls * failedPercent / 100;
    }

    CallSample sample(long epoch, long now) {
      ExponentialHistogram latency = ExponentialHistogram.empty();
      latency.record(slow ? 1e10 : 1e6, calls);
      Map<String, Long> errors = new TreeMap<>();
      errors.put("timeout", failed());
      if (ignored) {
        errors.put("not-found", calls - failed());
      }
      long from = now + fromOffset;
      long labelled = Math.max(0, epoch - epochsAgo);
      return new CallSample(
          "checkout",
          "checkout-1",
          from,
          from + interval,
          epochsAgo == UNGUARDED ? CallSample.NO_EPOCH : labelled,
          calls,
          errors,
          refused,
          latency,
          List.of());
    }
  }

  /** The clock moves, back as well as forth. */
  record Pass(long millis) implements Event {}

  /** The shell's timer. */
  record Tick() implements Event {}

  /**
   * An operator's command.
   *
   * @param issuedOffset when it was given, relative to now
   */
  record Order(Command.Kind kind, long issuedOffset, long lasts) implements Event {
    Command command(long now) {
      long issued = now + issuedOffset;
      return new Command(kind, "ana", "drill", issued, issued + lasts);
    }
  }

  /** The last command is read once more. */
  record Reread() implements Event {}

  /** Another policy holds. */
  record Adopt(int policy) implements Event {}

  /** The detector dies and comes back. */
  record Restart() implements Event {}

  /** Sequences of up to this many events. */
  static Arbitrary<List<Event>> sequences(int longest) {
    return Arbitraries.frequencyOf(
            Tuple.of(20, plainCalls()),
            Tuple.of(4, anyCalls()),
            Tuple.of(8, Arbitraries.longs().between(1, 3 * SECOND).map(Pass::new)),
            Tuple.of(4, Arbitraries.of(5, 10, 30, 61, 700).map(s -> new Pass(s * SECOND))),
            Tuple.of(1, Arbitraries.of(-1, -30, -3_600, 3_600).map(s -> new Pass(s * SECOND))),
            Tuple.of(10, Arbitraries.just(new Tick())),
            Tuple.of(1, orders()),
            Tuple.of(1, Arbitraries.just(new Reread())),
            Tuple.of(1, Arbitraries.integers().between(0, 4).map(Adopt::new)),
            Tuple.of(1, Arbitraries.just(new Restart())))
        .map(Event.class::cast)
        .list()
        .ofMaxSize(longest);
  }

  /** What a guard of the running epoch sends. */
  private static Arbitrary<Event> plainCalls() {
    return Combinators.combine(
            Arbitraries.of(0, 0, 0, Calls.UNGUARDED),
            Arbitraries.of(1, 3, 10, 50, 1_000),
            Arbitraries.of(0, 0, 0, 5, 20, 50, 100, 100),
            Arbitraries.of(0, 0, 10, 5_000),
            Arbitraries.of(false, false, false, true))
        .as(
            (epoch, calls, percent, refused, slow) ->
                new Calls(epoch, -250, 250, calls, percent, refused, slow, false));
  }

  /** What a sick or hostile sender sends. */
  private static Arbitrary<Event> anyCalls() {
    return Combinators.combine(
            Arbitraries.of(0, 1, 2, -1, Calls.UNGUARDED),
            Arbitraries.of(-24 * HOUR, -HOUR, -61_000L, -5_000L, 0L, 2_500L, HOUR, 24 * HOUR),
            Arbitraries.of(1L, 1_000L, 60_000L, HOUR),
            Arbitraries.of(0, 1, 100, 10_000_000),
            Arbitraries.integers().between(0, 100),
            Arbitraries.of(0, 1, 10_000_000),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(Calls::new);
  }

  private static Arbitrary<Event> orders() {
    return Combinators.combine(
            Arbitraries.of(Command.Kind.class),
            Arbitraries.of(-HOUR, -10_000L, -1L, 0L, 5_000L, HOUR),
            Arbitraries.longs().between(1, 600 * SECOND))
        .as(Order::new);
  }
}
