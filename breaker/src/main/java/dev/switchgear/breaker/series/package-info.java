/**
 * Symptoms in sampled measurements, where nobody counted single calls: latency quantiles, rates,
 * error shares, processor, memory and queue gauges, one value every second to every few minutes.
 *
 * <p>Start with {@link dev.switchgear.breaker.series.SeriesJudge}, one per dependency: {@link
 * dev.switchgear.breaker.series.SeriesSample}s go in, {@link
 * dev.switchgear.breaker.series.SeriesEvent}s come out. Each measurement is compared with its own
 * healthy past: the last hour and, where there is one, the same time yesterday and last week. A
 * symptom needs two things: a change large enough for somebody to feel ({@link
 * dev.switchgear.breaker.series.Measure}), and evidence that chance does not explain ({@link
 * dev.switchgear.breaker.series.Episode}). What is not measured says nothing, neither good nor bad.
 *
 * <p>Plain arithmetic over values: no clock, no randomness, no I/O. Not thread-safe.
 */
@NullMarked
package dev.switchgear.breaker.series;

import org.jspecify.annotations.NullMarked;
