@NullMarked
package dev.switchgear.recovery.replay;

import org.jspecify.annotations.NullMarked;
