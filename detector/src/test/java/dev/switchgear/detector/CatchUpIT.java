package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.ChildJvm;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * After an outage of the detector partitions are read at their own pace: one is an hour ahead of
 * another. Two threads catch up, and are killed in the middle of it.
 */
@Timeout(240)
class CatchUpIT {

  private static final int SPANS_OF_EACH = 150_000;
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

  /** More than any symptom needs. */
  private static final int SPANS_OF_NOW = 1_000;

  private static final long SECOND_MILLIS = Duration.ofSeconds(1).toMillis();

  @TempDir private Path directory = Path.of("");

  private final TestKafka kafka = TestKafka.start();

  @Test
  void nothingIsLostOrCountedTwice_whateverIsFurtherAhead() throws Exception {
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
    long now = System.currentTimeMillis();
    try (kafka;
        KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers())) {
      fill(0, "behind", SPANS_OF_EACH, now - HOUR_MILLIS, now - HOUR_MILLIS / 2);
      fill(1, "ahead", SPANS_OF_EACH, now, now + SECOND_MILLIS);
      ChildJvm killed = start();
      List<Observation> seen = probe.read(Topics.OBSERVATIONS, some -> !some.isEmpty());
      killed.close();
      assertThat(calls(seen)).isLessThan(2L * SPANS_OF_EACH);

      ChildJvm last = start();
      try {
        List<Observation> all =
            probe.read(Topics.OBSERVATIONS, read -> calls(read) >= 2L * SPANS_OF_EACH);

        assertThat(callsByBreaker(all))
            .isEqualTo(Map.of("behind", (long) SPANS_OF_EACH, "ahead", (long) SPANS_OF_EACH));
        assertNumberedOnce(all);
        // However long that took: what is a minute old when it is judged says nothing of now.
        long then = System.currentTimeMillis();
        fill(1, "ahead", SPANS_OF_NOW, then - SECOND_MILLIS, then);
        assertThat(openedOf(probe)).isEqualTo("ahead");
      } finally {
        last.close();
      }
    }
  }

  /** All calls failed. What is an hour old says nothing of now; what has just been does. */
  private static String openedOf(KafkaProbe probe) {
    List<BreakerState> states =
        probe.read(
            Topics.BREAKER_STATE,
            read ->
                read.stream().anyMatch(each -> each.getState() == State.OPEN)
                    && read.stream().anyMatch(each -> each.getBreaker().equals("behind")));
    Set<String> opened = new HashSet<>();
    for (BreakerState state : states) {
      if (state.getState() != State.CLOSED) {
        opened.add(state.getBreaker());
      }
    }
    return String.join(" ", opened);
  }

  private static void assertNumberedOnce(List<Observation> observations) {
    Set<String> numbers = new HashSet<>();
    for (Observation each : observations) {
      numbers.add(each.getInstance() + " " + each.getIncarnation() + " " + each.getSequence());
    }
    assertThat(numbers).hasSameSizeAs(observations);
  }

  private static long calls(List<Observation> observations) {
    return observations.stream().mapToLong(Observation::getCalls).sum();
  }

  private static Map<String, Long> callsByBreaker(List<Observation> observations) {
    Map<String, Long> calls = new HashMap<>();
    observations.forEach(each -> calls.merge(each.getBreaker(), each.getCalls(), Long::sum));
    return calls;
  }

  /** Failed calls, evenly between the times. */
  private void fill(int partition, String dependency, int calls, long fromMillis, long toMillis) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20);
    var values = Records.builtInOnly().serializer(Span.class);
    try (var producer = new KafkaProducer<>(config, new StringSerializer(), values)) {
      for (int i = 0; i < calls; i++) {
        long at = fromMillis + (toMillis - fromMillis) * i / calls;
        String trace = dependency + at + "-" + i;
        Span.Builder span = Spans.failed(trace, at).setDependency(dependency);
        Span value = span.clearOperation().build();
        var unused =
            producer.send(
                new ProducerRecord<>(Topics.SPANS.name(), partition, value.getTraceId(), value));
      }
    }
  }

  private ChildJvm start() throws IOException {
    return DetectorProcess.start(
        kafka.bootstrapServers(), "catching-up", directory, "num.stream.threads=2");
  }
}
