package dev.switchgear.recovery.parking;

/**
 * One unfinished item: everything about it but what is to be done.
 *
 * @param position where it stands in the ledger; items of a key are done in this order
 * @param deadlineMillis after this moment it is not to be done any more; 0 for never
 * @param attempt number of its last release; 0 before the first. No two releases share a number
 * @param inFlight released, and its outcome is not known
 * @param failures failed attempts; those put off do not count
 * @param notBeforeMillis when it may be released again
 */
public record Item(
    String id,
    String queue,
    String workKey,
    String breaker,
    long position,
    long parkedAtMillis,
    long deadlineMillis,
    int attempt,
    boolean inFlight,
    int failures,
    long notBeforeMillis) {

  /** An item that has only been parked. */
  public static Item parked(
      String id,
      String queue,
      String workKey,
      String breaker,
      long position,
      long parkedAtMillis,
      long deadlineMillis) {
    return new Item(
        id, queue, workKey, breaker, position, parkedAtMillis, deadlineMillis, 0, false, 0, 0);
  }

  Item released() {
    return inFlightAs(attempt + 1);
  }

  Item inFlightAs(int number) {
    return with(number, true, failures, notBeforeMillis);
  }

  Item failed(long nowMillis) {
    int sum = failures + 1;
    return with(attempt, false, sum, nowMillis + Backoff.afterFailure(id, attempt, sum));
  }

  Item deferred(long nowMillis) {
    return with(attempt, false, failures, nowMillis + Backoff.afterDeferral(id, attempt));
  }

  private Item with(int number, boolean released, int failed, long notBefore) {
    return new Item(
        id,
        queue,
        workKey,
        breaker,
        position,
        parkedAtMillis,
        deadlineMillis,
        number,
        released,
        failed,
        notBefore);
  }
}
