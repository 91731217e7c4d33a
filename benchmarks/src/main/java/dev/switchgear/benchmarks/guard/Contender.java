package dev.switchgear.benchmarks.guard;

/**
 * One way to make a call.
 *
 * @param title at most 30 characters, for people
 * @param kind whose way it is
 * @param benchmark class and method that JMH runs
 */
public record Contender(Scenario scenario, String title, Kind kind, String benchmark) {

  /** Whose way of calling it is. */
  public enum Kind {
    /** Nobody's. */
    BARE,
    /** A guard's, with everything: what the others are compared with. */
    SWITCHGEAR,
    /** The same, where each call is timed though there are so many. */
    SWITCHGEAR_TIMED,
    /** A guard's, without the clock: its user measures how long the call takes, or does not. */
    SWITCHGEAR_ADMIT,
    /** Another library's. */
    PEER
  }

  static Contender of(Scenario scenario, String title, Kind kind, Class<?> calls, String method) {
    return new Contender(scenario, title, kind, calls.getName() + "." + method);
  }
}
