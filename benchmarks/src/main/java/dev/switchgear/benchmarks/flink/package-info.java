/**
 * The span lane's job as Flink does it, in a process of its own: what is compared with.
 *
 * <p>Start with {@link dev.switchgear.benchmarks.flink.FlinkJob}. In come the address of a broker
 * and the number of spans on its topic; out comes what Flink's threads spent on them, on the
 * standard output.
 */
@NullMarked
package dev.switchgear.benchmarks.flink;

import org.jspecify.annotations.NullMarked;
