/** Sharing a limit: by properties of one division, and by fleets that change. */
@NullMarked
package dev.switchgear.breaker.quota;

import org.jspecify.annotations.NullMarked;
