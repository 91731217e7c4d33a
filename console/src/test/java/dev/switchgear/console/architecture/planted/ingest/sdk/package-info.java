/** Breaks rules on purpose. */
@NullMarked
package dev.switchgear.console.architecture.planted.ingest.sdk;

import org.jspecify.annotations.NullMarked;
