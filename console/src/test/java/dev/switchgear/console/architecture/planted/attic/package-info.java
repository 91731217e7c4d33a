/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.attic;

import org.jspecify.annotations.NullMarked;
