@NullMarked
package dev.switchgear.recovery.parking;

import org.jspecify.annotations.NullMarked;
