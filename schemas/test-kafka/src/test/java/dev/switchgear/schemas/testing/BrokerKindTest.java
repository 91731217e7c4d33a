package dev.switchgear.schemas.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BrokerKindTest {

  @Test
  void embedded_unlessContainersAreAskedFor() {
    assertThat(BrokerKind.named(null)).isEqualTo(BrokerKind.EMBEDDED);
    assertThat(BrokerKind.named("embedded")).isEqualTo(BrokerKind.EMBEDDED);
    assertThat(BrokerKind.named("containers")).isEqualTo(BrokerKind.CONTAINERS);
  }

  @Test
  void anotherName_isRefusedWithThoseThatAreKnown() {
    assertThatThrownBy(() -> BrokerKind.named("container"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("switchgear.test.kafka: container (expected: embedded or containers)");
  }
}
