/**
 * One outage, as a fleet lives through it in simulated time: with one shared breaker, and with a
 * breaker in each instance. Both are the real ones; the callers, the dependency and the clock are
 * simulated, so the same seed gives the same figures.
 *
 * <p>Start with {@link dev.switchgear.benchmarks.fleet.Trial}. In come an {@link
 * dev.switchgear.benchmarks.fleet.Outage} and a {@link dev.switchgear.benchmarks.fleet.Contender};
 * out comes a {@link dev.switchgear.benchmarks.fleet.Toll}.
 */
@NullMarked
package dev.switchgear.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
