package dev.switchgear.guard;

/**
 * What this instance has counted of one breaker since it was first guarded, a quarter of a second
 * ago. It begins anew when a breaker that nobody called for long had to make room.
 *
 * @param calls finished calls, failed ones included
 * @param errors failed calls
 * @param refusals calls that the breaker refused
 */
public record CallCounts(String breaker, long calls, long errors, long refusals) {

  static CallCounts none(String breaker) {
    return new CallCounts(breaker, 0, 0, 0);
  }

  CallCounts plus(long moreCalls, long moreErrors, long moreRefusals) {
    return moreCalls == 0 && moreRefusals == 0
        ? this
        : new CallCounts(breaker, calls + moreCalls, errors + moreErrors, refusals + moreRefusals);
  }
}
