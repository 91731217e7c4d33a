package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A detector that is killed again and again in the middle of its work counts every call once. */
@Timeout(240)
class CrashIT {

  private static final int KILLS = 2;
  private static final int SPANS_BETWEEN = 500;
  private static final String READY = "ready";

  @TempDir private Path directory = Path.of("");

  private final TestKafka kafka = TestKafka.start();

  @Test
  void aKillBetweenCommitsLosesNoCall_andCountsNoneTwice() throws Exception {
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
    int sent = 0;
    try (kafka;
        KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers())) {
      for (int kill = 0; kill < KILLS; kill++) {
        Process child = start();
        awaitReady(child);
        for (int i = 0; i < SPANS_BETWEEN; i++) {
          String trace = "trace-" + sent++;
          probe.put(Topics.SPANS, trace, Spans.answered(trace, System.currentTimeMillis()).build());
        }
        child.destroyForcibly();
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
      Process last = start();
      int all = sent;
      try {
        List<Observation> observations =
            probe.read(Topics.OBSERVATIONS, read -> calls(read) >= all);
        assertThat(calls(observations)).isEqualTo(all);
        assertNumberedOnce(observations);
      } finally {
        last.destroyForcibly();
      }
    }
  }

  private static void assertNumberedOnce(List<Observation> observations) {
    Set<String> numbers = new HashSet<>();
    Set<Long> incarnations = new HashSet<>();
    for (Observation each : observations) {
      numbers.add(each.getInstance() + " " + each.getIncarnation() + " " + each.getSequence());
      incarnations.add(each.getIncarnation());
    }
    assertThat(numbers).hasSameSizeAs(observations);
    assertThat(incarnations).hasSizeLessThanOrEqualTo(Topics.SPANS.partitions());
  }

  private static long calls(List<Observation> observations) {
    return observations.stream().mapToLong(Observation::getCalls).sum();
  }

  private Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-cp",
            classPath,
            Child.class.getName(),
            kafka.bootstrapServers(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void awaitReady(Process child) throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals(READY)) {
        return;
      }
    }
    throw new AssertionError("The child ended before it was ready");
  }

  /** A detector in a process of its own, to be killed. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      DetectorSettings settings =
          new DetectorSettings(
              arguments[0],
              "crashing",
              Path.of(arguments[1]),
              1,
              null,
              // The last transaction of a killed instance must not hold readers up for a minute.
              Map.of("transaction.timeout.ms", "10000"));
      try (Detector detector = Detector.start(settings)) {
        while (!detector.awaitRunning(Duration.ofSeconds(1))) {
          System.out.println("starting");
        }
        System.out.println(READY);
        Thread.currentThread().join();
      }
    }
  }
}
