/**
 * What a guarded call costs more than a call, beside other libraries that guard calls.
 *
 * <p>Start with {@link dev.switchgear.benchmarks.guard.GuardTrial}. In come scenarios and how long
 * to measure; out come nanoseconds and bytes of each call. Each class of calls stands for one
 * library, used as its users use it: the same threshold, the same limits, the same call that does
 * nothing. They are public and not final because JMH generates the code that runs them.
 */
@NullMarked
package dev.switchgear.benchmarks.guard;

import org.jspecify.annotations.NullMarked;
