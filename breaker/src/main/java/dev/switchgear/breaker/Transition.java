package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.Window;
import java.util.Optional;

/**
 * One change of a breaker's state, with what led to it.
 *
 * @param epoch the epoch that begins with {@code to}
 * @param sinceMillis when {@code from} began
 * @param atMillis when it was decided
 * @param reason one line for people
 * @param symptom the symptom that caused it, if one did
 * @param totals calls of the window's recent past
 * @param probed calls of the epoch that ends
 * @param details latencies, error types, callers and exemplars of the window
 * @param who the operator that caused it, if one did
 */
public record Transition(
    long epoch,
    State from,
    State to,
    long sinceMillis,
    long atMillis,
    String reason,
    Optional<Symptom> symptom,
    Window.Totals totals,
    Breaker.Probed probed,
    Window.Details details,
    Optional<String> who,
    long policyVersion) {}
