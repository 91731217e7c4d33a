package dev.switchgear.guard;

/**
 * How many calls may run at a time, where something learns it from how calls fare. Told of every
 * call that ends, on the thread that ends it, by many threads at a time; it must not block. What it
 * throws goes to whoever ends the call.
 */
public interface ConcurrencyLimit {

  /** How many may run now; taken as one at least and 100,000 at the most. */
  int calls();

  /**
   * A call was answered.
   *
   * @param running calls that run, with this one
   */
  void answered(long elapsedNanos, int running);

  /**
   * A call failed.
   *
   * @param errorType as it is counted: the class of the exception without its package, or what the
   *     guard's own opinion of errors says
   * @param running calls that run, with this one
   */
  void failed(String errorType, long elapsedNanos, int running);
}
