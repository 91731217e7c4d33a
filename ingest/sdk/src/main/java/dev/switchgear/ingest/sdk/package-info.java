/**
 * OpenTelemetry to Kafka, from inside a service. Start with {@link
 * dev.switchgear.ingest.sdk.KafkaTelemetry}: its exporters go into the service's own OpenTelemetry
 * SDK. In come spans, logs and metrics; out go records on {@code switchgear.spans}, {@code .logs}
 * and {@code .metrics}, and a heartbeat.
 *
 * <p>Logs come through OpenTelemetry's own appenders for logback and the others.
 */
@NullMarked
package dev.switchgear.ingest.sdk;

import org.jspecify.annotations.NullMarked;
