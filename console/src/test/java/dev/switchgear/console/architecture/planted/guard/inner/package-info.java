/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.guard.inner;

import org.jspecify.annotations.NullMarked;
