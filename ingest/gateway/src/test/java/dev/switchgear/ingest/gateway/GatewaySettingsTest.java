package dev.switchgear.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewaySettingsTest {

  @Test
  void usableSettingsAreKept() {
    var settings = new GatewaySettings("kafka:9092", "127.0.0.1", 0, 1 << 20, Map.of("a", "b"));

    assertThat(settings.kafka()).containsEntry("a", "b");
  }

  @Test
  void whatCannotBe_isNamedWithItsValueAndWhatWasExpected() {
    assertThatThrownBy(() -> new GatewaySettings(" ", "h", 0, 1 << 20, Map.of()))
        .hasMessageStartingWith("bootstrapServers: \" \" (expected: ");
    assertThatThrownBy(() -> new GatewaySettings("k:1", "", 0, 1 << 20, Map.of()))
        .hasMessageStartingWith("host: \"\" (expected: ");
    assertThatThrownBy(() -> new GatewaySettings("k:1", "h", 65_536, 1 << 20, Map.of()))
        .hasMessage("port: 65536 (expected: 0..65535)");
    assertThatThrownBy(() -> new GatewaySettings("k:1", "h", 0, 1_023, Map.of()))
        .hasMessage("bodyLimitBytes: 1023 (expected: 1024..67108864)");
  }
}
