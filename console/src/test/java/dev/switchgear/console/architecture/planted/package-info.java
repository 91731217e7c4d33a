/** A house in small in which every rule is broken, so that the rules are seen to see it. */
@NullMarked
package dev.switchgear.console.architecture.planted;

import org.jspecify.annotations.NullMarked;
