@NullMarked
package dev.switchgear.benchmarks;

import org.jspecify.annotations.NullMarked;
