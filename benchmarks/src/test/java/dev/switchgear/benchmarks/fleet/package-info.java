@NullMarked
package dev.switchgear.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
