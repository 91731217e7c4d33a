/**
 * Tests of the machine. {@link dev.switchgear.breaker.Machine} drives one breaker with simulated
 * time; the edge cases are one class per theme, the properties run over {@link
 * dev.switchgear.breaker.Event}s.
 */
@NullMarked
package dev.switchgear.breaker;

import org.jspecify.annotations.NullMarked;
