package dev.switchgear.guard;

import org.jspecify.annotations.Nullable;

/**
 * Limits how many calls run at a time. Calls beyond it are refused at once; none waits. Several
 * guards may share one, and be of two kinds: some slots can be kept for critical calls and some for
 * the others, so that neither can starve the other. Thread-safe.
 */
public final class Bulkhead {

  /** More threads than this in one process are a defect. */
  static final int MOST = 100_000;

  private final String name;
  private final Slots forCritical;
  private final Slots forOthers;
  private final Slots common;

  private Bulkhead(String name, Slots forCritical, Slots forOthers, Slots common) {
    this.name = name;
    this.forCritical = forCritical;
    this.forOthers = forOthers;
    this.common = common;
  }

  /** Of as many calls as the limit says, of whatever kind. */
  static Bulkhead of(String name, ConcurrencyLimit limit) {
    return new Bulkhead(name, new Slots(0), new Slots(0), new Slots(limit));
  }

  /**
   * Checks and makes.
   *
   * @param forCritical slots that only critical calls may take
   * @param forOthers slots that critical calls may not take
   */
  static Bulkhead of(String name, int calls, int forCritical, int forOthers) {
    if (calls < 1 || calls > MOST) {
      throw new IllegalArgumentException("calls: " + calls + " (expected: 1.." + MOST + ")");
    }
    if (forCritical < 0 || forOthers < 0 || forCritical > calls - forOthers) {
      throw new IllegalArgumentException(
          "forCritical: %d, forOthers: %d (expected: at least 0, together at most calls %d)"
              .formatted(forCritical, forOthers, calls));
    }
    int common = calls - forCritical - forOthers;
    return new Bulkhead(name, new Slots(forCritical), new Slots(forOthers), new Slots(common));
  }

  /** Its name, or that of the breaker that it is of. */
  public String name() {
    return name;
  }

  /** Calls that may run at a time; where that is learned, now. */
  public int calls() {
    return forCritical.size() + forOthers.size() + common.size();
  }

  /** Calls that run now. */
  public int running() {
    return forCritical.taken() + forOthers.taken() + common.taken();
  }

  boolean isLike(int calls, int critical, int others) {
    return common.limit() == null
        && calls() == calls
        && forCritical.size() == critical
        && forOthers.size() == others;
  }

  boolean isLike(ConcurrencyLimit limit) {
    return common.limit() == limit;
  }

  /** Whether it is another for critical calls than for others. */
  boolean keepsSlots() {
    return forCritical.size() + forOthers.size() > 0;
  }

  boolean isLearned() {
    return common.limit() != null;
  }

  /** The slots for such calls only. */
  Slots own(boolean critical) {
    return critical ? forCritical : forOthers;
  }

  /** The slots for all calls. */
  Slots common() {
    return common;
  }

  /** Takes a slot; says from where, to give it back there; null if none is free. */
  @Nullable Slots take(boolean critical) {
    Slots own = own(critical);
    if (own.size() > 0 && own.take()) {
      return own;
    }
    return common.take() ? common : null;
  }
}
