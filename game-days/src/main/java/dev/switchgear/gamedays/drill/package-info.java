/**
 * The demo's game day: acts of faults and healing over the shop under load, what they measured, and
 * whether every order was charged exactly once and in order.
 *
 * <p>Start with {@link dev.switchgear.gamedays.drill.Demo}. In go its settings and a view; out come
 * snapshots for the view while it runs and a {@link dev.switchgear.gamedays.drill.DemoReport} at
 * its end. Topics, detector and recovery-actions must be running already.
 */
@NullMarked
package dev.switchgear.gamedays.drill;

import org.jspecify.annotations.NullMarked;
