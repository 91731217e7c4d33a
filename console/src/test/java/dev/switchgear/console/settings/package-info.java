@NullMarked
package dev.switchgear.console.settings;

import org.jspecify.annotations.NullMarked;
