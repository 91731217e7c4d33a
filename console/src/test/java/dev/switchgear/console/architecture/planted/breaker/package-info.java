/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.breaker;

import org.jspecify.annotations.NullMarked;
