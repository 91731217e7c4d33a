/**
 * The check that the modules depend on each other only as they should, and that Kafka, clocks and
 * web servers stay where they belong.
 *
 * <p>Start with {@link dev.switchgear.console.architecture.House}, the rules. It is checked here
 * because the console sees every module. In go all compiled classes; {@code planted} is a house in
 * small in which every rule is broken once, so that we know the rules see it.
 */
@NullMarked
package dev.switchgear.console.architecture;

import org.jspecify.annotations.NullMarked;
