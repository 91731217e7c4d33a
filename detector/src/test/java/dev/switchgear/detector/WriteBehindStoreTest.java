package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.schemas.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a processor changed is on the changelog when its task has committed. */
class WriteBehindStoreTest {

  private static final Records RECORDS = Records.builtInOnly();

  private final TopologyTestDriver driver =
      new TopologyTestDriver(topology(), Lab.config(), Instant.ofEpochMilli(Lab.START));
  private final TestInputTopic<String, String> words =
      driver.createInputTopic("words", new StringSerializer(), new StringSerializer());
  private final TestOutputTopic<String, KeptNumbering> changelog =
      driver.createOutputTopic(
          "lab-counts-changelog",
          new StringDeserializer(),
          RECORDS.deserializer(KeptNumbering.class));

  private static Topology topology() {
    return new Topology()
        .addSource("words", new StringDeserializer(), new StringDeserializer(), "words")
        .addProcessor("count", Count::new, "words")
        .addStateStore(WriteBehindStoreBuilder.of("counts", KeptNumbering.class, RECORDS), "count");
  }

  /** Counts in a map of its own; a word is forgotten by the clock. */
  private static final class Count implements Processor<String, String, Void, Void> {
    private final Map<String, Long> counts = new HashMap<>();
    private WriteBehindStore<KeptNumbering> store;

    @SuppressWarnings("NullAway.Init") // Streams calls init first.
    Count() {}

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore("counts");
      context.schedule(
          Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, now -> forgetEverything());
    }

    @Override
    public void process(Record<String, String> word) {
      counts.merge(word.key(), 1L, Long::sum);
      store.changed(word.key(), () -> new KeptNumbering(0L, counts.get(word.key())));
      store.changed(word.key(), () -> new KeptNumbering(1L, counts.get(word.key())));
    }

    private void forgetEverything() {
      counts.keySet().forEach(store::removed);
      store.removed("never kept");
      counts.clear();
    }
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void aCommitWritesTheLastOfWhatChanged_once() {
    words.pipeInput("a", "");
    words.pipeInput("a", "");

    assertThat(changelog.readValuesToList())
        .containsExactly(new KeptNumbering(1L, 1L), new KeptNumbering(1L, 2L));
  }

  @Test
  void whatNobodyChangedIsNotWritten() {
    words.pipeInput("a", "");
    words.pipeInput("b", "");

    assertThat(changelog.readKeyValuesToList())
        .extracting(each -> each.key)
        .containsExactly("a", "b");
  }

  @Test
  void whatIsRemovedIsGone_andWhatWasNeverKeptLeavesNoTrace() {
    words.pipeInput("a", "");
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    var written = changelog.readKeyValuesToList();
    assertThat(written).hasSize(2);
    assertThat(written.get(1).key).isEqualTo("a");
    assertThat(written.get(1).value).isNull();
    WriteBehindStore<?> store =
        (WriteBehindStore<?>) requireNonNull(driver.getAllStateStores().get("counts"));
    Map<String, Object> kept = new HashMap<>();
    store.forEachKept(kept::put);
    assertThat(kept).isEmpty();
  }
}
