/**
 * The command line: starts Switchgear's parts, runs the demo, shows breakers and takes operators'
 * commands.
 *
 * <p>Start with {@link dev.switchgear.console.Main}. In come arguments, settings and signals; out
 * come lines for people, an exit code (0 done, 1 failed, 2 wrong usage, 130 interrupted) and, for
 * {@code hold} and {@code release}, records on {@code switchgear.commands}.
 */
@NullMarked
package dev.switchgear.console;

import org.jspecify.annotations.NullMarked;
