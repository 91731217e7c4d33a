/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.recovery;

import org.jspecify.annotations.NullMarked;
