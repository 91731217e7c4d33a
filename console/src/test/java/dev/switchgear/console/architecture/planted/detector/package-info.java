/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.detector;

import org.jspecify.annotations.NullMarked;
