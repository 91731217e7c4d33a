/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.guard;

import org.jspecify.annotations.NullMarked;
