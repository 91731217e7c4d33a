/**
 * Telemetry to observations to breakers: one shared judgement of each dependency, for the fleet.
 *
 * <p>Start with {@link dev.switchgear.detector.Detector}; {@code DetectorTopology} shows on one
 * page what flows where. In flow spans, metrics, observations and operators' commands. Out flow the
 * states of breakers, their transitions with the evidence, symptoms, and heartbeats. What decides
 * is {@link dev.switchgear.breaker.Breaker}, and {@link dev.switchgear.breaker.series.SeriesJudge}
 * for what no single call shows; here they are only fed, kept and told.
 */
@NullMarked
package dev.switchgear.detector;

import org.jspecify.annotations.NullMarked;
