package dev.switchgear.guard;

/** What a call has to pass, in this order. */
public enum Stage {
  /** The breaker, its dependency's, or a part of either: the dependency is ill, or held. */
  BREAKER("breaker"),
  /** The calls that may be made in a while have been made. */
  RATE_LIMIT("rate-limit"),
  /** As many calls are running as may at a time. */
  BULKHEAD("bulkhead"),
  /** The caller has no time left to wait for an answer. */
  DEADLINE("deadline");

  private final String text;

  Stage(String text) {
    this.text = text;
  }

  /** As it is written in telemetry. */
  @Override
  public String toString() {
    return text;
  }
}
