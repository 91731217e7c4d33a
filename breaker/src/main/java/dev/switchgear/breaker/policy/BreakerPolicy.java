package dev.switchgear.breaker.policy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one breaker judges and recovers.
 *
 * @param version grows with each change; 0 for the built-in default
 * @param enforced false: judged and published as {@code Shadow}, but no call is refused
 * @param errors when failed calls are a symptom
 * @param slowness when slow calls are a symptom
 * @param falseTripsPerDay how many wrong trips a day are accepted per symptom; more than 0, at most
 *     10
 * @param backOff how long a breaker stays open
 * @param probes how a breaker looks whether its dependency is well again
 * @param ramp how traffic comes back
 * @param windows over which stretches a symptom must show
 * @param timeout bounds of the timeout that is recommended to callers
 * @param staleAfter how long guards obey without a sign of life from a detector; then they judge
 *     locally; 1 s..1 h
 * @param split by what its calls are judged apart as well, each part by a breaker of its own
 * @param watched symptoms that no single call shows
 * @param quota how many calls the whole fleet may make in a while
 */
public record BreakerPolicy(
    long version,
    boolean enforced,
    Errors errors,
    Slowness slowness,
    double falseTripsPerDay,
    BackOff backOff,
    Probes probes,
    Ramp ramp,
    Windows windows,
    Timeout timeout,
    Duration staleAfter,
    Set<Scope> split,
    Watched watched,
    Quota quota) {

  /** What holds where nobody said anything. */
  public static final BreakerPolicy DEFAULT =
      new BreakerPolicy(
          0,
          true,
          new Errors(
              0.10,
              Set.of(
                  ErrorClass.CLIENT_ERROR.text(),
                  ErrorClass.CANCELLED.text(),
                  ErrorClass.STATEMENT.text()),
              Set.of(ErrorClass.REFUSED.text())),
          new Slowness(Duration.ofMillis(500), 3, 0.20),
          0.001,
          new BackOff(Duration.ofSeconds(5), 2, Duration.ofSeconds(15), 0.2),
          new Probes(5, Duration.ofSeconds(5)),
          new Ramp(List.of(100, 500, 2_500, 5_000), Duration.ofSeconds(2)),
          new Windows(Duration.ofSeconds(1)),
          new Timeout(2, Duration.ofMillis(10), Duration.ofMinutes(1)),
          Duration.ofSeconds(10),
          Set.of(),
          Watched.DEFAULT,
          Quota.NONE);

  public BreakerPolicy {
    if (version < 0) {
      throw bad("version", version, "at least 0");
    }
    check("falseTripsPerDay", falseTripsPerDay, 1e-12, 10);
    check("staleAfter", staleAfter, Duration.ofSeconds(1), Duration.ofHours(1));
    split = Collections.unmodifiableSet(new TreeSet<>(split));
  }

  /** Rules for what calls show, all of them together; for the rest what is built in. */
  public BreakerPolicy(
      long version,
      boolean enforced,
      Errors errors,
      Slowness slowness,
      double falseTripsPerDay,
      BackOff backOff,
      Probes probes,
      Ramp ramp,
      Windows windows,
      Timeout timeout,
      Duration staleAfter) {
    this(
        version,
        enforced,
        errors,
        slowness,
        falseTripsPerDay,
        backOff,
        probes,
        ramp,
        windows,
        timeout,
        staleAfter,
        Set.of(),
        Watched.DEFAULT,
        Quota.NONE);
  }

  /** The same rules, with the calls judged apart by these. */
  public BreakerPolicy withSplit(Set<Scope> other) {
    return with(version, errors, slowness, other);
  }

  /** Scopes by their texts, as a policy says them. */
  public static Set<Scope> split(Set<String> texts) {
    Set<Scope> split = new TreeSet<>();
    for (String text : texts) {
      split.add(
          Scope.of(text).orElseThrow(() -> bad("split", texts, "some of " + Scope.expected())));
    }
    return split;
  }

  /** The same rules under another version. */
  public BreakerPolicy withVersion(long other) {
    return with(other, errors, slowness, split);
  }

  /** The same rules, but for other shares that are accepted. */
  public BreakerPolicy withAcceptedShares(double failed, double slow) {
    return with(
        version,
        new Errors(failed, errors.ignored(), errors.doubled()),
        new Slowness(slowness.floor(), slowness.timesBaseline(), slow),
        split);
  }

  private BreakerPolicy with(
      long otherVersion, Errors otherErrors, Slowness otherSlowness, Set<Scope> otherSplit) {
    return new BreakerPolicy(
        otherVersion,
        enforced,
        otherErrors,
        otherSlowness,
        falseTripsPerDay,
        backOff,
        probes,
        ramp,
        windows,
        timeout,
        staleAfter,
        otherSplit,
        watched,
        quota);
  }

  /**
   * Failed calls. Error types are told as {@link ErrorClass} says; each list holds at most {@value
   * #MOST_TYPES} of them.
   *
   * @param acceptedShare share of failed calls that is no symptom; 0.0001..0.8
   * @param ignored error types that do not count as failures
   * @param doubled error types of which each counts as two failed calls. What is accepted is a
   *     share of what is counted, and the chance of a false trip is kept for that share (see {@link
   *     dev.switchgear.breaker.evidence.ExcessTest}); never are more failures counted than calls
   */
  public record Errors(double acceptedShare, Set<String> ignored, Set<String> doubled) {

    private static final int MOST_TYPES = 100;
    private static final int LONGEST_TYPE = 200;

    public Errors {
      check("acceptedShare", acceptedShare, 0.0001, 0.8);
      ignored = types("ignored", ignored);
      doubled = types("double", doubled);
    }

    /** Whether calls that failed of this do not count as failures. */
    public boolean ignores(String errorType) {
      return ErrorClass.isAmong(ignored, errorType);
    }

    /** Whether calls that failed of this count twice. */
    public boolean doubles(String errorType) {
      return ErrorClass.isAmong(doubled, errorType);
    }

    private static Set<String> types(String name, Set<String> types) {
      boolean longest = types.stream().anyMatch(t -> t.isBlank() || t.length() > LONGEST_TYPE);
      if (longest || types.size() > MOST_TYPES) {
        String expected = MOST_TYPES + " texts of 1.." + LONGEST_TYPE + " characters at most";
        throw bad(name, types.size() + " error types", expected);
      }
      return Collections.unmodifiableSet(new TreeSet<>(types));
    }
  }

  /**
   * Slow calls: slower than what users feel, and far slower than the dependency is when it is well.
   *
   * @param floor no call faster than this is slow; 1 ms..10 min
   * @param timesBaseline nor one that takes less than this many times the dependency's own healthy
   *     p99; 1..100, or 0 where the floor alone says what is slow
   * @param acceptedShare share of slow calls that is no symptom; 0.0001..0.8
   */
  public record Slowness(Duration floor, double timesBaseline, double acceptedShare) {
    public Slowness {
      check("floor", floor, Duration.ofMillis(1), Duration.ofMinutes(10));
      if (timesBaseline != 0 && !(timesBaseline >= 1 && timesBaseline <= 100)) {
        throw bad("timesBaseline", timesBaseline, "0, or 1.0..100.0");
      }
      check("acceptedShare", acceptedShare, 0.0001, 0.8);
    }
  }

  /**
   * Time spent open: {@code first}, and {@code factor} times as long after each failed recovery.
   *
   * @param first 100 ms..1 h
   * @param factor 1..10
   * @param longest at least {@code first}, at most a day
   * @param jitter share by which the time is lengthened or shortened, so that breakers do not move
   *     together; 0..0.5
   */
  public record BackOff(Duration first, double factor, Duration longest, double jitter) {
    public BackOff {
      check("first", first, Duration.ofMillis(100), Duration.ofHours(1));
      check("factor", factor, 1, 10);
      check("longest", longest, first, Duration.ofDays(1));
      check("jitter", jitter, 0, 0.5);
    }

    /**
     * How long to stay open.
     *
     * @param failedRecoveries recoveries that failed in a row, at least 0
     * @param random 0..1, picks the jitter
     */
    public long millis(int failedRecoveries, double random) {
      double grown = first.toMillis() * Math.pow(factor, Math.min(failedRecoveries, 64));
      double bounded = Math.min(grown, (double) longest.toMillis());
      return Math.round(bounded * (1 + jitter * (2 * random - 1)));
    }

    /** No open period of this policy is longer. */
    public long longestMillis() {
      return Math.round(longest.toMillis() * (1 + jitter));
    }
  }

  /**
   * Probing.
   *
   * @param perSecond calls a second that the whole fleet lets through; 0.01..1000
   * @param rearm how long a probe share is kept before it may be set anew; 100 ms..1 h
   */
  public record Probes(double perSecond, Duration rearm) {
    public Probes {
      check("perSecond", perSecond, 0.01, 1_000);
      check("rearm", rearm, Duration.ofMillis(100), Duration.ofHours(1));
    }
  }

  /**
   * Recovering.
   *
   * @param shares admitted share of each step per ten thousand, growing, each 1..9999; may be empty
   * @param step the shortest time spent at each step; 100 ms..1 h
   */
  public record Ramp(List<Integer> shares, Duration step) {
    public Ramp {
      shares = List.copyOf(shares);
      int before = 0;
      for (int share : shares) {
        if (share <= before || share > 9_999) {
          throw bad("shares", shares, "growing, each 1..9999");
        }
        before = share;
      }
      check("step", step, Duration.ofMillis(100), Duration.ofHours(1));
    }
  }

  /**
   * Stretches of time that must agree. The long one is the test's own memory, which goes back as
   * far as the evidence does.
   *
   * @param agree a symptom that is already over is none: its share must be too high in this newest
   *     stretch as well. The longer, the more good calls from before an outage outvote it; 1..30 s,
   *     whole seconds
   */
  public record Windows(Duration agree) {
    public Windows {
      check("agree", agree, Duration.ofSeconds(1), Duration.ofSeconds(30));
      if (!agree.equals(Duration.ofSeconds(agree.toSeconds()))) {
        throw bad("agree", agree, "whole seconds");
      }
    }
  }

  /**
   * The timeout that is recommended to callers: {@code factor} times the p99.9 of healthy calls,
   * within bounds.
   *
   * @param factor 1..100
   * @param shortest 1 ms..10 min
   * @param longest at least {@code shortest}, at most 10 min
   */
  public record Timeout(double factor, Duration shortest, Duration longest) {

    private static final Duration UTMOST = Duration.ofMinutes(10);

    public Timeout {
      check("factor", factor, 1, 100);
      check("shortest", shortest, Duration.ofMillis(1), UTMOST);
      check("longest", longest, shortest, UTMOST);
    }

    /** What to recommend where so many nanoseconds are the slowest healthy answer. */
    public double nanos(double healthyNanos) {
      double bounded = Math.min(factor * healthyNanos, (double) longest.toNanos());
      return Math.max(bounded, (double) shortest.toNanos());
    }
  }

  private static void check(String name, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw bad(name, value, min + ".." + max);
    }
  }

  private static void check(String name, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw bad(name, value, min + ".." + max);
    }
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
