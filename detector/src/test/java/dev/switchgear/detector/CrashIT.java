package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.ChildJvm;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A detector that is killed again and again in the middle of its work counts every call once. */
@Timeout(240)
class CrashIT {

  private static final int KILLS = 2;
  private static final int SPANS_BETWEEN = 500;

  @TempDir private Path directory = Path.of("");

  private final TestKafka kafka = TestKafka.start();

  @Test
  void aKillBetweenCommitsLosesNoCall_andCountsNoneTwice() throws Exception {
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
    int sent = 0;
    try (kafka;
        KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers())) {
      for (int kill = 0; kill < KILLS; kill++) {
        ChildJvm child = start().awaitReady();
        for (int i = 0; i < SPANS_BETWEEN; i++) {
          String trace = "trace-" + sent++;
          probe.put(Topics.SPANS, trace, Spans.answered(trace, System.currentTimeMillis()).build());
        }
        child.close();
      }
      int all = sent;
      ChildJvm last = start();
      try {
        List<Observation> observations =
            probe.read(Topics.OBSERVATIONS, read -> calls(read) >= all);
        assertThat(calls(observations)).isEqualTo(all);
        assertNumberedOnce(observations);
      } finally {
        last.close();
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

  private ChildJvm start() throws IOException {
    return DetectorProcess.start(kafka.bootstrapServers(), "crashing", directory);
  }
}
