package dev.switchgear.ingest.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {

  @Test
  void theUsersSettingsGoToKafka_butWhatThePromisesRestOn() {
    Plan plan =
        plan(Map.of("bootstrap.servers", "a:1,b:2", "compression.type", "lz4", "acks", "all"));

    assertThat(plan.producer("client"))
        .containsEntry("bootstrap.servers", "a:1,b:2")
        .containsEntry("compression.type", "lz4")
        .containsEntry("acks", "1")
        .containsEntry("client.id", "client");
  }

  @Test
  void anAddressThatIsNone_isRefusedAtOnce() {
    assertThatThrownBy(() -> plan(Map.of("bootstrap.servers", "kafka")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "bootstrap.servers: \"kafka\" (expected: host:port, several separated by commas)");
    assertThatThrownBy(() -> plan(Map.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSettingThatCannotBe_isRefusedAtOnce() {
    assertThatThrownBy(
            () -> plan(Map.of("bootstrap.servers", "a:1", "compression.type", "squeeze")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("compression.type");
  }

  private static Plan plan(Map<String, Object> kafka) {
    return new Plan("test", Duration.ofSeconds(1), 1 << 20, Duration.ofSeconds(4), kafka);
  }
}
