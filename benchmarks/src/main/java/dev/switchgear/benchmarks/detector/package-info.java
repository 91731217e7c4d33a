/**
 * The detector catching up with a full topic: what a record costs it, beside consumers that only
 * read and Flink doing the span lane's job; what memory a breaker takes; how long decisions take.
 *
 * <p>Start with {@link dev.switchgear.benchmarks.detector.LaneTrial}. In come topics filled on a
 * broker in a process of its own; out come CPU time, bytes allocated, heap and milliseconds.
 */
@NullMarked
package dev.switchgear.benchmarks.detector;

import org.jspecify.annotations.NullMarked;
