package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkTest {

  @Test
  void justKeysAndBytes_areEnough() {
    Work work = Work.of("anna", "order-1", new byte[] {1});

    assertThat(work.contentType()).isEqualTo("application/octet-stream");
    assertThat(work.deadline()).isNull();
  }

  @Test
  void aPayloadThatKafkaWouldNotTake_isRefused() {
    assertThatThrownBy(() -> Work.of("anna", "order-1", new byte[900_001]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("payload: 900001 bytes")
        .hasMessageContaining("at most 900000");
  }

  @Test
  void aBlankKey_isRefused() {
    assertThatThrownBy(() -> Work.of("", "order-1", new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workKey: \"\"");
  }

  @Test
  void headersWithoutEnd_areRefused() {
    Map<String, String> headers =
        IntStream.range(0, 65)
            .boxed()
            .collect(Collectors.toMap(i -> "header-" + i, String::valueOf));

    assertThatThrownBy(() -> new Work("anna", "order-1", new byte[0], "text/plain", headers, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("headers: 65");
  }
}
