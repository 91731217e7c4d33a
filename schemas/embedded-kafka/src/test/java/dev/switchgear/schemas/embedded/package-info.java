@NullMarked
package dev.switchgear.schemas.embedded;

import org.jspecify.annotations.NullMarked;
