package dev.switchgear.guard;

/**
 * An admitted call was made and failed.
 *
 * @param breaker breaker id
 * @param errorType what the failure is counted under
 * @param cause what the call threw
 */
public record Failure(String breaker, String errorType, Exception cause) implements Unavailable {}
