/** Tests of policies as people write them. */
@NullMarked
package dev.switchgear.detector.policy;

import org.jspecify.annotations.NullMarked;
