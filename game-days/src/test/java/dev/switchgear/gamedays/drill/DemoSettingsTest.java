package dev.switchgear.gamedays.drill;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DemoSettingsTest {

  @Test
  void whatMakesNoSenseIsNamedWithWhatWasExpected() {
    assertThatThrownBy(() -> new DemoSettings(" ", 50, 2, 1))
        .hasMessage("bootstrapServers: \" \" (expected: host:port,...)");
    assertThatThrownBy(() -> new DemoSettings("localhost:9092", 0.5, 2, 1))
        .hasMessage("ratePerSecond: 0.5 (expected: 1..500)");
    assertThatThrownBy(() -> new DemoSettings("localhost:9092", Double.NaN, 2, 1))
        .hasMessage("ratePerSecond: NaN (expected: 1..500)");
    assertThatThrownBy(() -> new DemoSettings("localhost:9092", 50, 9, 1))
        .hasMessage("instances: 9 (expected: 1..8)");
  }
}
