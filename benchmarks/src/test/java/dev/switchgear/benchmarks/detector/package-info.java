@NullMarked
package dev.switchgear.benchmarks.detector;

import org.jspecify.annotations.NullMarked;
