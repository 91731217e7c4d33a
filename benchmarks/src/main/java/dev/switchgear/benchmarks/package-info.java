/**
 * Measures what Switchgear gains and costs; started by {@code ./switchgear bench NAME}, and no part
 * of what is shipped.
 *
 * <p>Start with {@link dev.switchgear.benchmarks.Main}. In come arguments; out come a table for
 * people, a JSON file where one is asked for, and an exit code (0 done, 1 failed, 2 wrong usage).
 */
@NullMarked
package dev.switchgear.benchmarks;

import org.jspecify.annotations.NullMarked;
