package dev.switchgear.gamedays.shop;

import ch.qos.logback.classic.LoggerContext;
import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.ingest.sdk.KafkaTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.instrumentation.logback.appender.v1_0.OpenTelemetryAppender;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces, metrics and logs of one service instance, by OpenTelemetry's semantic conventions for
 * HTTP, sent to Kafka. Thread-safe.
 */
final class Telemetry implements AutoCloseable {

  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  static final AttributeKey<String> PEER = AttributeKey.stringKey("service.peer.name");
  static final AttributeKey<Long> STATUS_CODE = AttributeKey.longKey("http.response.status_code");

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
  private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

  /** As the semantic conventions for HTTP metrics advise. */
  private static final List<Double> BUCKETS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  private static final Duration METRIC_INTERVAL = Duration.ofSeconds(5);
  private static final Duration BATCH_INTERVAL = Duration.ofMillis(500);
  private static final TextMapPropagator TRACE_CONTEXT = W3CTraceContextPropagator.getInstance();

  private static final String SCOPE = "dev.switchgear.gamedays.shop";
  private static final TextMapGetter<Request> HEADERS = Telemetry::header;

  private final OpenTelemetrySdk sdk;
  private final Logger log;
  private final Runnable closeExporters;
  private final Tracer tracer;
  private final DoubleHistogram clientDurations;
  private final DoubleHistogram serverDurations;

  /**
   * Telemetry by an SDK.
   *
   * @param log what the instance logs to
   * @param closeExporters done after the SDK is closed
   */
  Telemetry(OpenTelemetrySdk sdk, Logger log, Runnable closeExporters) {
    this.sdk = sdk;
    this.log = log;
    this.closeExporters = closeExporters;
    this.tracer = sdk.getTracer(SCOPE);
    this.clientDurations = durations(sdk.getMeter(SCOPE), "http.client.request.duration");
    this.serverDurations = durations(sdk.getMeter(SCOPE), "http.server.request.duration");
  }

  /** Where guards tell what was degraded. */
  OpenTelemetry sdk() {
    return sdk;
  }

  static Telemetry start(String bootstrapServers, Identity who) {
    Resource identity =
        Resource.builder()
            .put("service.name", who.service())
            .put("service.instance.id", who.instance())
            .put("service.version", who.version())
            .build();
    Resource resource = Resource.getDefault().merge(identity);
    KafkaTelemetry kafka =
        KafkaTelemetry.connect(Map.of("bootstrap.servers", bootstrapServers), resource);
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(traces(kafka, resource))
            .setLoggerProvider(logs(kafka, resource))
            .setMeterProvider(metrics(kafka, resource))
            .build();
    return new Telemetry(sdk, log(who, sdk), kafka::close);
  }

  /**
   * What an instance logs goes to its own SDK and nowhere else: all of them share a process, and
   * what one of a hundred failed calls says is for whoever looks for its trace.
   */
  private static Logger log(Identity who, OpenTelemetrySdk sdk) {
    LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
    OpenTelemetryAppender appender = new OpenTelemetryAppender();
    appender.setContext(logback);
    appender.setOpenTelemetry(sdk);
    appender.setKeyValuePairAttributesIncluded("*");
    appender.start();
    ch.qos.logback.classic.Logger log = logback.getLogger(SCOPE + "." + who.instance());
    log.setAdditive(false);
    log.detachAndStopAllAppenders();
    log.addAppender(appender);
    return log;
  }

  private static SdkTracerProvider traces(KafkaTelemetry kafka, Resource resource) {
    return SdkTracerProvider.builder()
        .setResource(resource)
        .addSpanProcessor(kafka.guardedSpans())
        .addSpanProcessor(
            BatchSpanProcessor.builder(kafka.spans()).setScheduleDelay(BATCH_INTERVAL).build())
        .build();
  }

  private static SdkLoggerProvider logs(KafkaTelemetry kafka, Resource resource) {
    return SdkLoggerProvider.builder()
        .setResource(resource)
        .addLogRecordProcessor(
            BatchLogRecordProcessor.builder(kafka.logs()).setScheduleDelay(BATCH_INTERVAL).build())
        .build();
  }

  private static SdkMeterProvider metrics(KafkaTelemetry kafka, Resource resource) {
    return SdkMeterProvider.builder()
        .setResource(resource)
        .registerMetricReader(
            PeriodicMetricReader.builder(kafka.metrics()).setInterval(METRIC_INTERVAL).build())
        .build();
  }

  private static DoubleHistogram durations(Meter meter, String name) {
    return meter
        .histogramBuilder(name)
        .setUnit("s")
        .setExplicitBucketBoundariesAdvice(BUCKETS)
        .build();
  }

  /** Begins a call to another service and puts the trace into its headers. */
  ClientCall startCall(String peer, String route, HttpRequest.Builder request) {
    HttpRequest built = request.build();
    Attributes attributes =
        Attributes.builder()
            .put(METHOD, built.method())
            .put(PEER, peer)
            .put(ADDRESS, built.uri().getHost())
            .put(PORT, (long) built.uri().getPort())
            .build();
    Span span =
        tracer
            .spanBuilder(built.method() + " " + route)
            .setSpanKind(SpanKind.CLIENT)
            .setAllAttributes(attributes)
            .setAttribute(URL, built.uri().toString())
            .startSpan();
    TRACE_CONTEXT.inject(Context.current().with(span), request, Telemetry::setHeader);
    return new ClientCall(span, clientDurations, attributes, log);
  }

  private static @Nullable String header(@Nullable Request request, String name) {
    return request == null ? null : request.header(name.toLowerCase(Locale.ROOT));
  }

  private static void setHeader(HttpRequest.@Nullable Builder request, String name, String value) {
    if (request != null) {
      request.setHeader(name, value);
    }
  }

  /** The same handler, each of whose requests is a span of the caller's trace. */
  @SuppressWarnings("try") // the scope is only ever closed
  Handler observed(Handler handler) {
    return request -> {
      Span span = startServing(request);
      long start = System.nanoTime();
      try (Scope scope = span.makeCurrent()) {
        return handler
            .handle(request)
            .whenComplete((reply, failure) -> served(span, request, reply, start));
      }
    };
  }

  private Span startServing(Request request) {
    return tracer
        .spanBuilder(request.method() + " " + request.path())
        .setParent(TRACE_CONTEXT.extract(Context.root(), request, HEADERS))
        .setSpanKind(SpanKind.SERVER)
        .setAttribute(METHOD, request.method())
        .setAttribute(ROUTE, request.path())
        .setAttribute(PATH, request.path())
        .setAttribute(SCHEME, "http")
        .startSpan();
  }

  private void served(Span span, Request request, @Nullable Reply reply, long startNanos) {
    long status = reply == null ? 500 : reply.status();
    AttributesBuilder attributes =
        Attributes.builder()
            .put(METHOD, request.method())
            .put(ROUTE, request.path())
            .put(STATUS_CODE, status);
    span.setAttribute(STATUS_CODE, status);
    if (status >= 500) {
      String errorType = Long.toString(status);
      attributes.put(ERROR_TYPE, errorType);
      span.setAttribute(ERROR_TYPE, errorType);
      span.setStatus(StatusCode.ERROR, errorType);
    }
    span.end();
    serverDurations.record((System.nanoTime() - startNanos) / 1e9, attributes.build());
  }

  @Override
  public void close() {
    sdk.close();
    closeExporters.run();
  }
}
