package dev.switchgear.guard;

/**
 * How many calls of a breaker one fallback has answered for one reason.
 *
 * @param fallback its name
 * @param because the stage that refused, or {@code failure}
 */
public record DegradedCount(String breaker, String fallback, String because, long calls) {}
