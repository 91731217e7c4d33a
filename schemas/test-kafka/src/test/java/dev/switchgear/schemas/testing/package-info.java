@NullMarked
package dev.switchgear.schemas.testing;

import org.jspecify.annotations.NullMarked;
