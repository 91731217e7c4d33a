/**
 * The detector catching up with a full topic: what a record costs it, beside consumers that only
 * read, and what memory a breaker takes.
 *
 * <p>Start with {@link dev.switchgear.benchmarks.detector.LaneTrial}. In come topics filled on a
 * broker in a process of its own; out come CPU time, bytes allocated and heap.
 */
@NullMarked
package dev.switchgear.benchmarks.detector;

import org.jspecify.annotations.NullMarked;
