package dev.switchgear.gamedays.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.schemas.testing.Eventually;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.http.HttpClient;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A real call over a real socket, with each fault that the callee may have. */
class PeerTest {

  private static final Order ORDER = new Order("o1", "ann", 1, 500);

  private final Spans spans = new Spans();
  private final Telemetry telemetry =
      new Telemetry(
          OpenTelemetrySdk.builder()
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .addSpanProcessor(SimpleSpanProcessor.create(spans))
                      .build())
              .build(),
          LoggerFactory.getLogger(PeerTest.class),
          () -> {});
  private final PaymentBook book = new PaymentBook();
  private final ServiceInstance payments =
      ServiceInstance.start(
          new Identity("payments", "payments-1", "1"), 4, telemetry, new Payments(book));
  private final Callee callee = new Callee(Service.PAYMENTS, List.of(payments.uri()));
  private final Peer peer =
      new Peer(
          callee, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), telemetry);

  @AfterEach
  void stop() {
    payments.close();
    telemetry.close();
  }

  private Payments.Receipt charge() throws Exception {
    Map<String, String> headers = Map.of(Payments.IDEMPOTENCY_KEY, "k1");
    return peer.post(Payments.PATH, headers, ORDER, Payments.Receipt.class);
  }

  private CallFailedException failureWith(Fault fault) {
    payments.apply(fault);
    CallFailedException failure = catchThrowableOfType(CallFailedException.class, this::charge);
    assertThat(failure).isNotNull();
    return failure;
  }

  @Test
  void aCallIsOneTraceOfACallersSpanAndACalleesSpan() throws Exception {
    assertThat(charge()).isEqualTo(new Payments.Receipt("o1", 1));

    Eventually.holds("both spans", () -> spans.finished.size() == 2);
    SpanData client = spans.of(SpanKind.CLIENT);
    SpanData server = spans.of(SpanKind.SERVER);
    assertThat(server.getTraceId()).isEqualTo(client.getTraceId());
    assertThat(server.getParentSpanId()).isEqualTo(client.getSpanId());
    assertThat(client.getAttributes().get(Telemetry.PEER)).isEqualTo("payments");
    assertThat(client.getAttributes().get(Telemetry.STATUS_CODE)).isEqualTo(200);
    assertThat(client.getAttributes().get(Telemetry.ERROR_TYPE)).isNull();
  }

  @Test
  void anErrorIsNamedByItsStatusAndChargesNothing() {
    assertThat(failureWith(new Fault.Errors(1)).errorType()).isEqualTo("503");
    assertThat(book.entries()).isEmpty();
    Eventually.holds("both spans", () -> spans.finished.size() == 2);
    assertThat(spans.of(SpanKind.CLIENT).getAttributes().get(Telemetry.ERROR_TYPE))
        .isEqualTo("503");
    assertThat(spans.of(SpanKind.SERVER).getAttributes().get(Telemetry.ERROR_TYPE))
        .isEqualTo("503");
  }

  @Test
  void aCalleeThatHangsIsGivenUpAndNeverCharges() {
    assertThat(failureWith(new Fault.Hang()).errorType()).isEqualTo("timeout");
    assertThat(payments.arrivals()).isEqualTo(1);

    payments.apply(Fault.NONE);
    assertThat(book.entries()).isEmpty();
  }

  @Test
  void whatIsSlowerThanItsDeadlineIsNotCharged() {
    Fault slow = new Fault.Latency(Peer.TIMEOUT.minus(Peer.DEADLINE_MARGIN.dividedBy(2)));

    assertThat(failureWith(slow).errorType()).isIn("504", "timeout");
    Eventually.holds("the callee's span", () -> spans.has(SpanKind.SERVER));
    assertThat(book.entries()).isEmpty();
  }

  @Test
  void aClosedPortRefusesAndTheRefusalIsCountedByTheCaller() throws Exception {
    assertThat(failureWith(new Fault.RefuseConnections()).errorType())
        .isEqualTo("connection_refused");
    assertThat(callee.refusedConnections().sum()).isEqualTo(1);
    assertThat(payments.arrivals()).isZero();

    payments.apply(Fault.NONE);
    assertThat(charge().order()).isEqualTo("o1");
  }

  @Test
  void aCorruptAnswerHidesAChargeThatARepeatWithTheSameKeyFinds() throws Exception {
    assertThat(failureWith(new Fault.CorruptBody()).errorType()).isEqualTo("corrupt_body");
    assertThat(book.entries()).hasSize(1);

    payments.apply(Fault.NONE);
    assertThat(charge()).isEqualTo(new Payments.Receipt("o1", 1));
    assertThat(book.entries()).hasSize(1);
  }

  @Test
  void aRejectionIsNoFailureOfTheCallee() throws Exception {
    charge();
    Order other = new Order("o2", "ann", 2, 500);
    Map<String, String> sameKey = Map.of(Payments.IDEMPOTENCY_KEY, "k1");

    CallFailedException rejection =
        catchThrowableOfType(
            CallFailedException.class,
            () -> peer.post(Payments.PATH, sameKey, other, Payments.Receipt.class));

    assertThat(rejection.isRejection()).isTrue();
    assertThat(CallFailedException.errorTypeOf(rejection)).isNull();
  }

  @Test
  void trafficShowsWhatTheCallerSaw() throws Exception {
    charge();
    failureWith(new Fault.Errors(1));

    assertThat(callee.traffic().window().errorShare()).isEqualTo(0.5);
    assertThat(callee.traffic().window().perSecond()).isEqualTo(1);
  }

  private static final class Spans implements SpanExporter {
    private final List<SpanData> finished = new CopyOnWriteArrayList<>();

    private boolean has(SpanKind kind) {
      return finished.stream().anyMatch(span -> span.getKind() == kind);
    }

    private SpanData of(SpanKind kind) {
      return finished.stream().filter(span -> span.getKind() == kind).findFirst().orElseThrow();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> exported) {
      finished.addAll(exported);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
