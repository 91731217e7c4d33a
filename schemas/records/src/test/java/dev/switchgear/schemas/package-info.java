/** What every program on Kafka may rely on: names, bytes, partitions. */
@NullMarked
package dev.switchgear.schemas;

import org.jspecify.annotations.NullMarked;
