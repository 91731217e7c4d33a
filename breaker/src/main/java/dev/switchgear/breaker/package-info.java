/**
 * The brain: one shared judgement per dependency, as a pure machine.
 *
 * <p>Start with {@link dev.switchgear.breaker.Breaker}. Observations, commands and the passing of
 * time go in as data; {@link dev.switchgear.breaker.Transition}s come out, each with the evidence
 * that led to it. {@link dev.switchgear.breaker.State} is the closed set of states; each answers
 * verdicts, timers and commands itself. There is no clock, no randomness and no I/O in here, so the
 * fleet's detector, a guard on its own and a backtest over history all run this same code.
 *
 * <pre>
 * Closed     --symptom-->            Open        for a jittered back-off that grows with each failed recovery
 * Open       --until reached-->      Probing     admits about probes.perSecond calls over the whole fleet
 * Probing    --proven well-->        Recovering  one step of the ramp after the other
 * Probing    --proven ill-->         Open
 * Recovering --well for a step-->    next step ... Closed;  --leaning ill--> one step back;  --ill--> Open
 * any        --command-->            HeldOpen, HeldClosed, Shadow; expiring by themselves
 * </pre>
 */
@NullMarked
package dev.switchgear.breaker;

import org.jspecify.annotations.NullMarked;
