package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guard in a process of its own, with what it needs at run time and no library of its tests.
 */
class GuardAloneIT {

  /** Of what the tests have; no service should have to load it. */
  private static final List<String> HEAVY =
      List.of(
          "org.apache.kafka.streams.",
          "org.rocksdb.",
          "kafka.server.",
          "org.apache.avro.compiler.",
          "org.apache.velocity.",
          "javax.tools.",
          "com.sun.tools.javac.");

  @TempDir private Path directory;

  @Test
  @Timeout(120)
  void aServiceWithTheGuardAlone_startsWithoutStreamsRocksDbOrCodeGeneration() throws Exception {
    String runtime = Files.readString(Path.of("target/runtime-class-path"));
    assertThat(runtime)
        .contains("kafka-clients")
        .doesNotContain("kafka-streams", "rocksdb", "avro-compiler");
    Path classes = directory.resolve("classes");
    Path output = directory.resolve("output");
    try (TestKafka kafka = TestKafka.start();
        KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers())) {
      TopicProvisioning.provision(
          Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of("orders"));
      probe.put(Topics.BREAKER_STATE, States.BREAKER, States.open(1));
      Process service =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xlog:class+load:file=" + classes,
                  "-cp",
                  String.join(File.pathSeparator, "target/classes", "target/test-classes", runtime),
                  ServiceAlone.class.getName(),
                  kafka.bootstrapServers())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(service.waitFor(50, TimeUnit.SECONDS))
            .as(() -> "it ended; it said: " + said(output))
            .isTrue();
      } finally {
        service.destroyForcibly();
      }
      assertThat(said(output)).contains("looked up", "looked up later", "parked anna");
      assertThat(service.exitValue()).isZero();
    }
    assertNothingHeavyIn(Files.readAllLines(classes, StandardCharsets.UTF_8));
  }

  private static List<String> said(Path output) {
    try {
      return Files.readAllLines(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertNothingHeavyIn(List<String> loaded) {
    assertThat(loaded).anyMatch(line -> line.contains(" " + Guard.class.getName() + " "));
    assertThat(loaded)
        .filteredOn(line -> HEAVY.stream().anyMatch(heavy -> line.contains(" " + heavy)))
        .isEmpty();
  }
}
