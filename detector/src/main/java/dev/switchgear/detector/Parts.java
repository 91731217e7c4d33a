package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.schemas.BreakerId;
import java.util.Optional;

/**
 * Parts of a breaker: what they are called, and under which of their epochs calls were admitted.
 */
final class Parts {

  private Parts() {}

  /** The part that the caller's calls belong to; empty where it is in none that can be named. */
  static Optional<String> id(Scope scope, String whole, Caller caller) {
    return switch (scope) {
      case REGION -> BreakerId.inRegion(whole, caller.region());
      case CALLER -> BreakerId.ofCaller(whole, caller.service());
    };
  }

  static long epoch(Scope scope, Report report) {
    return switch (scope) {
      case REGION -> report.regionEpoch();
      case CALLER -> report.callerEpoch();
    };
  }
}
