/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.gamedays;

import org.jspecify.annotations.NullMarked;
