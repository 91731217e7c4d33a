package dev.switchgear.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.LogEntry;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanStatus;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.FreePort;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.KafkaProbe.Keyed;
import dev.switchgear.schemas.testing.TestKafka;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class GatewayIT {

  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final int LIMIT_BYTES = 64 << 10;

  private static TestKafka kafka;
  private static KafkaProbe probe;
  private static Gateway gateway;
  private static Sender sender;

  @BeforeAll
  static void start() {
    kafka = TestKafka.start();
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
    probe = new KafkaProbe(kafka.bootstrapServers());
    gateway = Gateway.start(settings(kafka.bootstrapServers(), 0));
    sender = new Sender(gateway.port());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    probe.close();
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void spansOfTheOtlpExporterArrive(String compression) {
    String instance = "otlp-spans-" + compression;
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(url("/v1/traces"))
            .setCompression(compression)
            .build();
    String traceId;
    try (var traces =
        SdkTracerProvider.builder()
            .setResource(resource(instance))
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      var span =
          traces
              .get("test")
              .spanBuilder("POST /charge")
              .setSpanKind(SpanKind.CLIENT)
              .setAttribute("service.peer.name", "payments")
              .startSpan();
      span.setStatus(StatusCode.ERROR).recordException(new IllegalStateException("down")).end();
      traceId = span.getSpanContext().getTraceId();
    }

    List<Keyed<Span>> read =
        probe.read(Topics.SPANS, each -> each.getInstance().equals(instance), 1);
    assertThat(read.get(0).key()).isEqualTo(traceId);
    assertThat(read.get(0).value().getDependency()).isEqualTo("payments");
    assertThat(read.get(0).value().getStatus()).isEqualTo(SpanStatus.ERROR);
    assertThat(read.get(0).value().getErrorType()).isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void logsOfTheOtlpExporterArrive() {
    var exporter = OtlpHttpLogRecordExporter.builder().setEndpoint(url("/v1/logs")).build();
    try (var logs =
        SdkLoggerProvider.builder()
            .setResource(resource("otlp-logs"))
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
            .build()) {
      logs.get("com.example.Checkout").logRecordBuilder().setBody("hello").emit();
    }

    List<Keyed<LogEntry>> read =
        probe.read(Topics.LOGS, each -> each.getInstance().equals("otlp-logs"), 1);
    assertThat(read.get(0).key()).isEqualTo("otlp-logs");
    assertThat(read.get(0).value().getBody()).isEqualTo("hello");
    assertThat(read.get(0).value().getLogger()).isEqualTo("com.example.Checkout");
  }

  @Test
  void metricsOfTheOtlpExporterArrive() {
    var exporter = OtlpHttpMetricExporter.builder().setEndpoint(url("/v1/metrics")).build();
    try (var metrics =
        SdkMeterProvider.builder()
            .setResource(resource("otlp-metrics"))
            .registerMetricReader(PeriodicMetricReader.create(exporter))
            .build()) {
      metrics.get("test").histogramBuilder("duration").setUnit("s").build().record(0.2);
      metrics.forceFlush().join(30, TimeUnit.SECONDS);
    }

    List<Keyed<MetricPoint>> read =
        probe.read(Topics.METRICS, each -> each.getInstance().equals("otlp-metrics"), 1);
    assertThat(read.get(0).key()).isEqualTo("otlp-metrics");
    assertThat(read.get(0).value().getCount()).isEqualTo(1);
    assertThat(read.get(0).value().getDelta()).isFalse();
  }

  @Test
  void jsonArrives_andIsAnsweredInJson() throws Exception {
    HttpResponse<byte[]> response =
        sender.post(
            "/v1/traces",
            JSON + "; charset=utf-8",
            """
            {"resourceSpans":[{"resource":{"attributes":[
               {"key":"service.instance.id","value":{"stringValue":"json-1"}}]},
             "scopeSpans":[{"spans":[
               {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
                "name":"good","startTimeUnixNano":"1000","endTimeUnixNano":"1500"},
               {"traceId":"00","name":"bad"}]}]}]}
            """
                .getBytes(StandardCharsets.UTF_8));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue(JSON);
    assertThat(text(response))
        .startsWith("{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\"");
    assertThat(probe.read(Topics.SPANS, each -> each.getInstance().equals("json-1"), 1).get(0))
        .extracting(Keyed::key)
        .isEqualTo("5b8efff798038103d269b633813fc60c");
  }

  @Test
  void anAcknowledgedSpanIsOnKafka() throws Exception {
    HttpResponse<byte[]> response =
        sender.post("/v1/traces", PROTOBUF, request("acknowledged-1", "span"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(ExportTraceServiceResponse.parseFrom(response.body()))
        .isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    assertThat(probe.read(Topics.SPANS, each -> each.getInstance().equals("acknowledged-1"), 1))
        .hasSize(1);
  }

  @Test
  void anEmptyRequestIsWell() throws Exception {
    assertThat(sender.post("/v1/metrics", PROTOBUF, new byte[0]).statusCode()).isEqualTo(200);
    assertThat(sender.postJson("/v1/logs", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsMalformed_is400WithAStatusInItsEncoding() throws Exception {
    HttpResponse<byte[]> protobuf =
        sender.post("/v1/traces", PROTOBUF, new byte[] {(byte) 0xff, 1, 2});
    assertThat(protobuf.statusCode()).isEqualTo(400);
    assertThat(protobuf.headers().firstValue("Content-Type")).hasValue(PROTOBUF);
    CodedInputStream status = CodedInputStream.newInstance(protobuf.body());
    assertThat(status.readTag()).isEqualTo(1 << 3);
    assertThat(status.readInt32()).isEqualTo(3);
    assertThat(status.readTag()).isEqualTo(2 << 3 | 2);
    assertThat(status.readString()).startsWith("Not protobuf: ");

    HttpResponse<byte[]> json = sender.postJson("/v1/traces", "{\"resourceSpans\":7}");
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(text(json)).startsWith("{\"code\":3,\"message\":\"resourceSpans at line 1, ");

    HttpResponse<byte[]> gzip =
        sender.postEncoded("/v1/traces", PROTOBUF, "gzip", new byte[] {1, 2, 3});
    assertThat(gzip.statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsTooLarge_is413BeforeAndAfterDecompression() throws Exception {
    byte[] large = new byte[LIMIT_BYTES + 1];
    assertThat(sender.post("/v1/traces", PROTOBUF, large).statusCode()).isEqualTo(413);

    byte[] bomb = Sender.gzip(new byte[32 << 20]);
    assertThat(bomb.length).isLessThan(LIMIT_BYTES);
    HttpResponse<byte[]> response = sender.postEncoded("/v1/traces", JSON, "gzip", bomb);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(text(response)).contains("decompressed body", Integer.toString(LIMIT_BYTES));
  }

  @Test
  void compressedJsonIsWell() throws Exception {
    byte[] body = Sender.gzip("{}".getBytes(StandardCharsets.UTF_8));

    assertThat(sender.postEncoded("/v1/logs", JSON, "gzip", body).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsOfAnotherType_is415() throws Exception {
    HttpResponse<byte[]> response = sender.post("/v1/traces", "text/plain", new byte[0]);
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(text(response)).contains("text/plain", "application/x-protobuf");
    assertThat(sender.postEncoded("/v1/traces", PROTOBUF, "br", new byte[0]).statusCode())
        .isEqualTo(415);
  }

  @Test
  void otherMethodsAndPaths_are405And404() throws Exception {
    HttpResponse<byte[]> get = sender.send(sender.to("/v1/traces").GET());
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    assertThat(sender.postJson("/v1/profiles", "{}").statusCode()).isEqualTo(404);
    assertThat(sender.postJson("/v1/tracesandmore", "{}").statusCode()).isEqualTo(404);
    assertThat(sender.send(sender.to("/").method("HEAD", noBody())).statusCode()).isEqualTo(404);
  }

  @Test
  void kafkaIsAway_sendersAreAskedToTryAgain() throws Exception {
    try (Gateway lonely = Gateway.start(settings("127.0.0.1:" + FreePort.find(), 0))) {
      HttpResponse<byte[]> response =
          new Sender(lonely.port()).post("/v1/traces", PROTOBUF, request("lost", "span"));

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(lonely.dropped()).isEqualTo(1);
    }
  }

  @Test
  void moreThanTheBufferForKafkaHolds_isToBeSentAgain() throws Exception {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < 40_000; i++) {
      scope.addSpans(span("n".repeat(255)));
    }
    byte[] body = request("☃".repeat(255), scope);
    try (Gateway roomy =
        Gateway.start(
            new GatewaySettings(kafka.bootstrapServers(), "127.0.0.1", 0, 16 << 20, Map.of()))) {
      HttpResponse<byte[]> response = new Sender(roomy.port()).post("/v1/traces", PROTOBUF, body);

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(roomy.dropped()).isEqualTo(40_000);
    }
  }

  @Test
  void whoDoesNotFinishARequest_isCutOff() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 100\r\n\r\n{")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();

      InputStream in = socket.getInputStream();
      assertThat(endOf(in)).isTrue();
    }
    assertThat(sender.postJson("/v1/logs", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void heartbeatsTellThatItLives() {
    List<Keyed<Heartbeat>> beats =
        probe.read(Topics.HEARTBEATS, each -> each.getRole().equals("gateway"), 2);

    assertThat(beats.get(0).value().getInstance()).endsWith(":" + gateway.port());
    assertThat(beats.get(0).key()).isEqualTo("gateway/" + beats.get(0).value().getInstance());
  }

  @Test
  void anOccupiedPortIsTold() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> Gateway.start(settings(kafka.bootstrapServers(), port)))
          .isInstanceOf(GatewayAddressException.class)
          .hasMessageStartingWith("Port " + port + " of 127.0.0.1 is taken")
          .hasMessageContaining("gateway.port");
    }
  }

  @Test
  void anAddressThatIsNotThisMachines_isTold() {
    for (String host : List.of("no-such-host.invalid", "192.0.2.1")) {
      var settings = new GatewaySettings(kafka.bootstrapServers(), host, 0, LIMIT_BYTES, Map.of());

      assertThatThrownBy(() -> Gateway.start(settings))
          .isInstanceOf(GatewayAddressException.class)
          .hasMessageContaining(host)
          .hasMessageContaining("gateway.host");
    }
  }

  @Test
  void aClosedGatewayFreesItsPort() throws Exception {
    Gateway closed = Gateway.start(settings(kafka.bootstrapServers(), 0));
    int port = closed.port();
    closed.close();

    try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(free.isBound()).isTrue();
    }
  }

  private static GatewaySettings settings(String bootstrapServers, int port) {
    return new GatewaySettings(bootstrapServers, "127.0.0.1", port, LIMIT_BYTES, Map.of());
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + gateway.port() + path;
  }

  private static io.opentelemetry.sdk.resources.Resource resource(String instance) {
    return io.opentelemetry.sdk.resources.Resource.builder()
        .put("service.name", "checkout")
        .put("service.instance.id", instance)
        .build();
  }

  private static byte[] request(String instance, String name) {
    return request(instance, ScopeSpans.newBuilder().addSpans(span(name)));
  }

  private static byte[] request(String instance, ScopeSpans.Builder scope) {
    KeyValue.Builder id =
        KeyValue.newBuilder()
            .setKey("service.instance.id")
            .setValue(AnyValue.newBuilder().setStringValue(instance));
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(id))
                .addScopeSpans(scope))
        .build()
        .toByteArray();
  }

  private static io.opentelemetry.proto.trace.v1.Span.Builder span(String name) {
    return io.opentelemetry.proto.trace.v1.Span.newBuilder()
        .setTraceId(ByteString.fromHex("0af7651916cd43dd8448eb211c80319c"))
        .setSpanId(ByteString.fromHex("b7ad6b7169203331"))
        .setName(name)
        .setStartTimeUnixNano(1_000)
        .setEndTimeUnixNano(1_500);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static BodyPublisher noBody() {
    return BodyPublishers.noBody();
  }

  /** Whether the other side ended the connection, one way or the other. */
  private static boolean endOf(InputStream in) throws Exception {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }
}
