package dev.switchgear.breaker.policy;

/**
 * Symptoms that no single call shows: which of them are looked for, and which may open the breaker.
 * By default all of them are told and none opens anything: a user does not feel a busy processor,
 * and calls that nobody makes need no breaker.
 *
 * @param throughput far fewer calls than usual
 * @param silence hardly any calls where there always are some
 * @param saturation processor, memory and pools at their limit
 * @param queue items that wait
 */
public record Watched(Kind throughput, Kind silence, Saturation saturation, Queue queue) {

  /** What holds where nobody said anything. */
  public static final Watched DEFAULT =
      new Watched(
          new Kind(true, false),
          new Kind(true, false),
          new Saturation(true, 0.9, false),
          new Queue(true, 0, false));

  /**
   * One kind of symptom.
   *
   * @param watched whether it is looked for
   * @param opens whether the breaker opens for it; only what is watched can
   */
  public record Kind(boolean watched, boolean opens) {
    public Kind {
      check(watched, opens);
    }
  }

  /**
   * Processor, memory and pools.
   *
   * @param limit the share in use from which on it is a symptom; 0.1..1
   */
  public record Saturation(boolean watched, double limit, boolean opens) {
    public Saturation {
      check(watched, opens);
      if (!(limit >= 0.1 && limit <= 1)) {
        throw bad("limit", limit, "0.1..1.0");
      }
    }
  }

  /**
   * Items that wait.
   *
   * @param limit how many are a symptom, whatever is usual; 0 where they are compared with their
   *     own past only; at most 1e12
   */
  public record Queue(boolean watched, double limit, boolean opens) {

    private static final double MOST = 1e12;

    public Queue {
      check(watched, opens);
      if (!(limit >= 0 && limit <= MOST)) {
        throw bad("limit", limit, "0.." + MOST);
      }
    }
  }

  private static void check(boolean watched, boolean opens) {
    if (opens && !watched) {
      throw bad("opens", opens, "false where it is not watched");
    }
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
