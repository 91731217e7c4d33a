/**
 * The brain over history: what would have been seen, when each breaker would have tripped and
 * recovered, and what it would have refused.
 *
 * <p>Start with {@link dev.switchgear.detector.backtest.Backtest}. Sampled measurements or
 * observations go in, in the order of their time; a {@link
 * dev.switchgear.detector.backtest.Hindsight} comes out. It is the code that judges the fleet,
 * given the time of the record for the time of day; no Kafka, no threads, no clock.
 */
@NullMarked
package dev.switchgear.detector.backtest;

import org.jspecify.annotations.NullMarked;
