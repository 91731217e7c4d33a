package dev.switchgear.breaker.series;

/**
 * How far levels may rise.
 *
 * @param share of processors, memory and pools in use; more than 0, infinite for no limit
 * @param items that may wait; more than 0, infinite for no limit
 */
public record Limits(double share, double items) {

  /** Checks the limits. */
  public Limits {
    check("share", share);
    check("items", items);
  }

  /** That of a measure; infinite for one that is no level. */
  double of(Measure measure) {
    if (measure == Measure.QUEUE_DEPTH) {
      return items;
    }
    return measure.isShare() ? share : Double.POSITIVE_INFINITY;
  }

  private static void check(String name, double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException(name + ": " + limit + " (expected: more than 0)");
    }
  }
}
