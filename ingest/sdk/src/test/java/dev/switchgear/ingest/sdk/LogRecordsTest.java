package dev.switchgear.ingest.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.LogEntry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogRecordsTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final LogRecords records = new LogRecords(Known.origins());

  @Test
  void everyFieldIsFilled() {
    LogEntry entry =
        records.of(
            log()
                .setTimestamp(Instant.ofEpochSecond(0, 1_000))
                .setSeverity(Severity.WARN)
                .setSeverityText("WARNING")
                .setSpanContext(
                    SpanContext.create(
                        TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault()))
                .setBody("payments failed")
                .setEventName("payment.failed")
                .setAttributes(Attributes.builder().put("order", 7).build())
                .build());

    assertThat(entry)
        .isEqualTo(
            LogEntry.newBuilder()
                .setAtEpochNanos(1_000)
                .setService("checkout")
                .setInstance("checkout-1")
                .setServiceVersion("1.2")
                .setTraceId(TRACE)
                .setSpanId(SPAN)
                .setSeverityNumber(13)
                .setSeverity("WARNING")
                .setLogger("com.example.Checkout")
                .setBody("payments failed")
                .setAttributes(Map.of("order", "7", "event.name", "payment.failed"))
                .build());
  }

  @Test
  void whatALogDoesNotSayIsEmpty() {
    LogEntry entry = records.of(log().build());

    assertThat(entry.getTraceId()).isNull();
    assertThat(entry.getSpanId()).isNull();
    assertThat(entry.getSeverityNumber()).isZero();
    assertThat(entry.getSeverity()).isEmpty();
    assertThat(entry.getBody()).isEmpty();
    assertThat(entry.getAttributes()).isEmpty();
  }

  @Test
  void withoutItsOwnTime_aLogIsOfWhenItWasSeen() {
    LogEntry entry = records.of(log().setObservedTimestamp(Instant.ofEpochSecond(2)).build());

    assertThat(entry.getAtEpochNanos()).isEqualTo(2_000_000_000L);
  }

  @Test
  void withoutItsOwnWord_theSeverityIsOpenTelemetrys() {
    assertThat(records.of(log().setSeverity(Severity.ERROR2).build()).getSeverity())
        .isEqualTo("ERROR2");
  }

  @Test
  void aBodyWithAStructureIsJson_andALongOneIsCut() {
    assertThat(
            records.of(log().setBodyValue(Value.of(Map.of("k", Value.of("v")))).build()).getBody())
        .isEqualTo("{\"k\":\"v\"}");
    assertThat(records.of(log().setBody("x".repeat(1 << 20)).build()).getBody()).hasSize(32 << 10);
  }

  private static TestLogRecordData.Builder log() {
    return TestLogRecordData.builder()
        .setResource(Known.RESOURCE)
        .setInstrumentationScopeInfo(InstrumentationScopeInfo.create("com.example.Checkout"));
  }
}
