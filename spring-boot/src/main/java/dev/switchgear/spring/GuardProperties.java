package dev.switchgear.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one guard does. What is not said does not limit.
 *
 * @param breaker Id of the breaker that it obeys: dependency[/operation][@region]. By default the
 *     guard's name.
 * @param timeout How long the caller waits, all attempts together; of a Flux, for its first item.
 *     More than 0, at most a day.
 * @param recommendedTimeout The same, as long as the fleet recommends; this long where it
 *     recommends nothing yet.
 * @param critical Whether calls may take the slots that a bulkhead keeps for critical ones.
 * @param idempotent Whether to make such a call twice does no more than to make it once. Retries
 *     need it.
 * @param ignoredErrors Exceptions that are answers like any other, and no failures of the
 *     dependency.
 */
record GuardProperties(
    @Nullable String breaker,
    @Nullable Duration timeout,
    @Nullable Duration recommendedTimeout,
    @Nullable RateLimited rateLimit,
    @Nullable FleetLimited fleetRateLimit,
    @Nullable Compartment bulkhead,
    @DefaultValue("false") boolean critical,
    @Nullable Threads pool,
    @DefaultValue("false") boolean idempotent,
    @Nullable Again retry,
    @DefaultValue List<Class<? extends Exception>> ignoredErrors) {

  /** Of a guard that no property speaks of. */
  static final GuardProperties NONE =
      new GuardProperties(null, null, null, null, null, null, false, null, false, null, List.of());

  GuardProperties {
    ignoredErrors = List.copyOf(ignoredErrors);
  }

  /** What the exception is counted under; null if it is no failure. */
  @Nullable String errorType(Exception thrown) {
    return ignoredErrors.stream().anyMatch(each -> each.isInstance(thrown))
        ? null
        : thrown.getClass().getSimpleName();
  }

  /**
   * How many calls may be made in a while.
   *
   * @param calls Calls that may be made per while.
   * @param per The while. 1ms to a day.
   * @param burst Calls that may be made at once after a pause. By default as many as calls.
   * @param sharedAs Name under which guards share the limit.
   */
  record RateLimited(
      @Nullable Long calls,
      @DefaultValue("1s") Duration per,
      @Nullable Long burst,
      @Nullable String sharedAs) {}

  /**
   * How many calls may be made of those that the whole fleet may make in a while, which its policy
   * says.
   *
   * @param alone What this instance may do while the fleet has not told its share.
   * @param tier Tier of all these calls, as the policy names it. By default what the bean of type
   *     CallTier says, if there is one.
   * @param sharedAs Name of the limit in the whole fleet, under which guards share it, too. By
   *     default the breaker's.
   */
  record FleetLimited(@Nullable Alone alone, @Nullable String tier, @Nullable String sharedAs) {}

  /**
   * How many calls this instance may make in a while by itself.
   *
   * @param calls Calls that may be made per while.
   * @param per The while. 1ms to a day.
   * @param burst Calls that may be made at once after a pause. By default as many as calls.
   */
  record Alone(@Nullable Long calls, @DefaultValue("1s") Duration per, @Nullable Long burst) {}

  /**
   * How many calls may run at a time.
   *
   * @param calls Calls that may run at a time. Further ones are refused at once.
   * @param sharedAs Name under which guards share the bulkhead.
   * @param forCritical Slots that only critical calls may take.
   * @param forOthers Slots that critical calls may not take.
   */
  record Compartment(
      @Nullable Integer calls,
      @Nullable String sharedAs,
      @DefaultValue("0") int forCritical,
      @DefaultValue("0") int forOthers) {}

  /**
   * Threads of the guard's own, for calls that take no notice of interrupts.
   *
   * @param threads Calls at a time.
   * @param queue Calls that may wait for a thread.
   * @param sharedAs Name under which guards share the pool.
   */
  record Threads(
      @Nullable Integer threads, @DefaultValue("0") int queue, @Nullable String sharedAs) {}

  /**
   * How calls that failed are made again.
   *
   * @param attempts Calls at most for one answer, the first included. 2 to 10.
   * @param share Retries per call at most, over all calls. More than 0, at most 1.
   * @param backOff Wait before the second attempt; twice as long before each further one.
   */
  record Again(
      @DefaultValue("2") int attempts,
      @DefaultValue("0.1") double share,
      @DefaultValue("50ms") Duration backOff) {}
}
