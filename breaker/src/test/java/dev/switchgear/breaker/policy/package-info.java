/** Tests of what a breaker is told. */
@NullMarked
package dev.switchgear.breaker.policy;

import org.jspecify.annotations.NullMarked;
