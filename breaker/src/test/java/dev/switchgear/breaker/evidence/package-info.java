/** Tests of the evidence: each against an exact reference or its stated mathematics. */
@NullMarked
package dev.switchgear.breaker.evidence;

import org.jspecify.annotations.NullMarked;
