/**
 * OpenTelemetry to Kafka, as a server: any OpenTelemetry SDK or collector sends OTLP over HTTP.
 * Start with {@link dev.switchgear.ingest.gateway.Gateway}. In come OTLP requests in protobuf or
 * JSON; out go the same records that the SDK half writes, and a heartbeat.
 */
@NullMarked
package dev.switchgear.ingest.gateway;

import org.jspecify.annotations.NullMarked;
