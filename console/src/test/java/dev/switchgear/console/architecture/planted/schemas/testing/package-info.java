/** What a rule is broken with. */
@NullMarked
package dev.switchgear.console.architecture.planted.schemas.testing;

import org.jspecify.annotations.NullMarked;
