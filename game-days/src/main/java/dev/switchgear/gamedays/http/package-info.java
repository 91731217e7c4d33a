/**
 * Just enough HTTP for services that live in one process and still talk over real sockets.
 *
 * <p>Start with {@link dev.switchgear.gamedays.http.LoopbackServer}: a {@link
 * dev.switchgear.gamedays.http.Handler} goes in, a port that can be closed and opened again comes
 * out.
 */
@NullMarked
package dev.switchgear.gamedays.http;

import org.jspecify.annotations.NullMarked;
