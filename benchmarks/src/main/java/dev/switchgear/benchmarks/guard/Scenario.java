package dev.switchgear.benchmarks.guard;

/** What a call meets. */
public enum Scenario {
  /** What there is without any library, the clock among it. */
  FLOOR("nothing guarded"),
  /** The breaker is closed and the call is answered. */
  CLOSED("breaker closed"),
  /** The breaker is open and a fallback answers. */
  OPEN("breaker open, fallback answers"),
  /** Breaker, rate limit and bulkhead let the call through, and it is answered. */
  COMPOSED("breaker, rate limit, bulkhead"),
  /** The breaker is closed; every other call fails, and a fallback answers. */
  FAILING("every other call fails");

  private final String title;

  Scenario(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }
}
