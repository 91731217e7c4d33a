@NullMarked
package dev.switchgear.spring;

import org.jspecify.annotations.NullMarked;
