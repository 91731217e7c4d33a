@NullMarked
package dev.switchgear.benchmarks.guard;

import org.jspecify.annotations.NullMarked;
