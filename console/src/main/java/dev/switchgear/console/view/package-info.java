/**
 * What people see in a terminal or a log.
 *
 * <p>Start with {@link dev.switchgear.console.view.Terminal}: it knows whether anybody is looking,
 * how wide the window is and which characters and colours it can show. In go the demo's snapshots
 * and reports and the breakers' states; out come lines. {@link
 * dev.switchgear.console.view.LiveView} redraws them in place, {@link
 * dev.switchgear.console.view.PlainView} writes them one after the other.
 */
@NullMarked
package dev.switchgear.console.view;

import org.jspecify.annotations.NullMarked;
