package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.schemas.BreakerId;
import java.util.Optional;

/**
 * Parts of a breaker: what they are called, and under which of their epochs calls were admitted.
 */
public final class Parts {

  /**
   * Parts of one breaker and scope at most: what is more is a service for each of the fleet's
   * customers. The calls of further ones are judged with all others only.
   */
  public static final int MOST = 100;

  private Parts() {}

  /** The part that the caller's calls belong to; empty where it is in none that can be named. */
  public static Optional<String> id(Scope scope, String whole, Caller caller) {
    return switch (scope) {
      case REGION -> BreakerId.inRegion(whole, caller.region());
      case CALLER -> BreakerId.ofCaller(whole, caller.service());
      case INSTANCE -> BreakerId.ofInstance(whole, caller.service(), caller.instance());
    };
  }

  /** By what such a part is apart. */
  static Scope scope(String part) {
    if (BreakerId.isInstance(part)) {
      return Scope.INSTANCE;
    }
    return part.charAt(BreakerId.whole(part).length()) == '@' ? Scope.REGION : Scope.CALLER;
  }

  static long epoch(Scope scope, Report report) {
    return switch (scope) {
      case REGION -> report.regionEpoch();
      case CALLER -> report.callerEpoch();
      case INSTANCE -> report.instanceEpoch();
    };
  }
}
