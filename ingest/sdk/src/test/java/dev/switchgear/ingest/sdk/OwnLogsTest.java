package dev.switchgear.ingest.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnLogsTest {

  private final OwnLogs own = new OwnLogs("switchgear-telemetry-1");

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource({
    "org.apache.kafka.clients.NetworkClient, WARN, [Producer clientId=switchgear-telemetry-1] x, true",
    "org.apache.kafka.clients.NetworkClient, WARN, [Producer clientId=orders] x, false",
    "org.apache.kafka.clients.producer.internals.ProducerBatch, TRACE, Successfully produced, true",
    "org.apache.kafka.clients.NetworkClient, DEBUG, [Producer clientId=orders] x, true",
    "com.example.Checkout, TRACE, x, false",
    "com.example.Checkout, WARN, about switchgear-telemetry-1, false",
  })
  void knowsWhatSendingLogsCauses(String logger, Severity severity, String body, boolean expected) {
    var log =
        TestLogRecordData.builder()
            .setInstrumentationScopeInfo(InstrumentationScopeInfo.create(logger))
            .setSeverity(severity)
            .setBody(body)
            .build();

    assertThat(own.include(log)).isEqualTo(expected);
  }
}
