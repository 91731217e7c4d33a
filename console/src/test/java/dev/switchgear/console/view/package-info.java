@NullMarked
package dev.switchgear.console.view;

import org.jspecify.annotations.NullMarked;
