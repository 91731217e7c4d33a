@NullMarked
package dev.switchgear.schemas.streams;

import org.jspecify.annotations.NullMarked;
