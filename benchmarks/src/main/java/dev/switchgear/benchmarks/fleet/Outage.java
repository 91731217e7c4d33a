package dev.switchgear.benchmarks.fleet;

/**
 * One dependency, its callers and what becomes of it. Instances call at random (Poisson), whatever
 * happened to their calls before.
 *
 * @param instances callers, each for itself; 1..10000
 * @param rate calls a second of each instance; 0.01..100
 * @param fault what calls meet while the dependency is dead
 * @param background share of calls that fail although the dependency is well; 0..0.05
 * @param delayMillis from a decision of the shared breaker until every guard obeys it, the way of
 *     the reports included; 0..60000
 * @param seed what chance is drawn from
 */
public record Outage(
    int instances, double rate, Fault fault, double background, long delayMillis, long seed) {

  /** How long the dependency is dead. */
  static final long DEAD_MILLIS = 60_000;

  /** Watched after the healing: longer than any contender takes to let all traffic back. */
  static final long AFTER_MILLIS = 180_000;

  /** Healthy time before the outage, after which windows are full. */
  private static final long WELL_MILLIS = 60_000;

  /** The largest window holds a hundred calls. */
  private static final double CALLS_THAT_FILL_WINDOWS = 150;

  /** Answers of a dependency that is well take this long. */
  static final long ANSWER_MILLIS = 50;

  public Outage {
    check("instances", instances, 1, 10_000);
    check("rate", rate, 0.01, 100);
    check("background", background, 0, 0.05);
    check("delay", (double) delayMillis, 0, 60_000);
  }

  /** How a call to the dead dependency ends. */
  public enum Fault {
    /** With an error, at once. */
    FAILS(5, "503"),
    /** Not at all; the caller gives up. */
    HANGS(1_000, "timeout");

    final long millis;
    final String errorType;

    Fault(long millis, String errorType) {
      this.millis = millis;
      this.errorType = errorType;
    }
  }

  /** The same outage with other chance. */
  public Outage withSeed(long other) {
    return new Outage(instances, rate, fault, background, delayMillis, other);
  }

  /** The same outage for another number of callers. */
  public Outage withInstances(int other) {
    return new Outage(other, rate, fault, background, delayMillis, seed);
  }

  /** The same outage with another fault. */
  public Outage withFault(Fault other) {
    return new Outage(instances, rate, other, background, delayMillis, seed);
  }

  long diesAtMillis() {
    return WELL_MILLIS + 1_000 * (long) Math.ceil(CALLS_THAT_FILL_WINDOWS / rate);
  }

  long healsAtMillis() {
    return diesAtMillis() + DEAD_MILLIS;
  }

  long endsAtMillis() {
    return healsAtMillis() + AFTER_MILLIS;
  }

  boolean isDeadAt(long millis) {
    return millis >= diesAtMillis() && millis < healsAtMillis();
  }

  private static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s..%s)".formatted(name, plain(value), plain(least), plain(most)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
