package dev.switchgear.guard;

import java.time.Duration;

/**
 * The breaker did not admit a call; nothing was called.
 *
 * @param breaker breaker id
 * @param epoch epoch of the state that refused
 * @param reason why the breaker is in that state, in one line
 * @param retryAfter when to try again, counted from now; lengthened at random by up to a fifth, so
 *     that refused callers do not come back as one
 */
public record Refusal(String breaker, long epoch, String reason, Duration retryAfter)
    implements Admission, Unavailable {}
