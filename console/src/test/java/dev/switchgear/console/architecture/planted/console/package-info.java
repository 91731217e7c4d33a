/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.console;

import org.jspecify.annotations.NullMarked;
