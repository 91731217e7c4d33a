/** Tests of the detector: its topology without Kafka, and the whole on a real broker. */
@NullMarked
package dev.switchgear.detector;

import org.jspecify.annotations.NullMarked;
