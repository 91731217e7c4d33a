package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.detector.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectorTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void aMalformedPolicyIsToldBeforeKafkaIsAsked() throws IOException {
    Path policy = Files.writeString(directory.resolve("bad.yaml"), "nonsense: [\n");
    DetectorSettings settings =
        new DetectorSettings("127.0.0.1:1", "detector", directory, 1, policy, Map.of());

    assertThatThrownBy(() -> Detector.start(settings))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith(policy + ":");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new DetectorSettings(" ", "d", directory, 1, null, Map.of()))
        .hasMessage("bootstrapServers:   (expected: host:port)");
    assertThatThrownBy(() -> new DetectorSettings("h:1", "d d", directory, 1, null, Map.of()))
        .hasMessageStartingWith("applicationId: d d (expected: 1..100 letters");
    assertThatThrownBy(() -> new DetectorSettings("h:1", "d", directory, 65, null, Map.of()))
        .hasMessage("threads: 65 (expected: 1..64)");
  }
}
