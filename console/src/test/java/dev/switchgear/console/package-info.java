@NullMarked
package dev.switchgear.console;

import org.jspecify.annotations.NullMarked;
