/**
 * Where telemetry leaves for Kafka, whichever way it came: what the exporters inside services and
 * the gateway have in common. Not for users; the two of them are.
 *
 * <p>{@link dev.switchgear.ingest.outlet.Texts} bounds attributes, {@link
 * dev.switchgear.ingest.outlet.Origin}, {@link dev.switchgear.ingest.outlet.Call} and {@link
 * dev.switchgear.ingest.outlet.Series} read records out of them by OpenTelemetry's semantic
 * conventions, and {@link dev.switchgear.ingest.outlet.Outlet} sends them. In come attributes and
 * numbers; out go records on {@code switchgear.spans}, {@code .logs} and {@code .metrics}, and
 * heartbeats.
 */
@NullMarked
package dev.switchgear.ingest.outlet;

import org.jspecify.annotations.NullMarked;
