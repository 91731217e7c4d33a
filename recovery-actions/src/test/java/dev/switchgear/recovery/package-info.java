@NullMarked
package dev.switchgear.recovery;

import org.jspecify.annotations.NullMarked;
