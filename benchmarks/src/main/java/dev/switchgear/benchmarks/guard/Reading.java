package dev.switchgear.benchmarks.guard;

/**
 * What one call takes, in the iteration in which that was least.
 *
 * @param threads that call at a time
 * @param nanos of a processor, on the thread that calls
 * @param elapsedNanos by the clock: the same, unless somebody else uses the processor
 * @param bytes allocated
 */
public record Reading(
    Contender contender, int threads, double nanos, double elapsedNanos, double bytes) {}
