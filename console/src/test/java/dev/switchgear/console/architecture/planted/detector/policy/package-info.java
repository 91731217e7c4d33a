/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.detector.policy;

import org.jspecify.annotations.NullMarked;
