package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records that are read at once are one for Streams, and their own for everybody else. */
class BundleTest {

  private static final TopicPartition SPANS = new TopicPartition(Topics.SPANS.name(), 3);
  private static final TopicPartition COMMANDS = new TopicPartition(Topics.COMMANDS.name(), 3);

  private final Lab lab = new Lab();
  private final TestOutputTopic<byte[], byte[]> deadLetters =
      lab.driver.createOutputTopic(
          Topics.DEAD_LETTERS, new ByteArrayDeserializer(), new ByteArrayDeserializer());

  @AfterEach
  void close() {
    lab.close();
  }

  private ConsumerRecord<byte[], byte[]> span(Span.Builder span) {
    return lab.raw(Topics.SPANS, span.getTraceId(), span.build());
  }

  private static ConsumerRecord<byte[], byte[]> record(TopicPartition of, long offset) {
    return new ConsumerRecord<>(
        of.topic(),
        of.partition(),
        offset,
        0,
        TimestampType.CREATE_TIME,
        1,
        2,
        new byte[1],
        new byte[2],
        new RecordHeaders(),
        Optional.empty());
  }

  private static ConsumerRecords<byte[], byte[]> afterBundling(
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read,
      Map<TopicPartition, OffsetAndMetadata> next) {
    try (Bundling bundling = new Bundling()) {
      return bundling.onConsume(new ConsumerRecords<>(read, next));
    }
  }

  @Test
  void recordsOfAPartitionBecomeOne_withTheOffsetOfTheFirst_andTheNextOffsetStays() {
    var read = List.of(record(SPANS, 7), record(SPANS, 8), record(SPANS, 10));
    var next = Map.of(SPANS, new OffsetAndMetadata(12));

    ConsumerRecords<byte[], byte[]> bundled = afterBundling(Map.of(SPANS, read), next);

    assertThat(bundled.count()).isEqualTo(1);
    ConsumerRecord<byte[], byte[]> bundle = bundled.records(SPANS).get(0);
    assertThat(bundle.offset()).isEqualTo(7);
    assertThat(bundle.serializedValueSize()).isEqualTo(9);
    assertThat(bundle.headers().toArray()).singleElement().isInstanceOf(Bundle.class);
    assertThat(((Bundle) bundle.headers().toArray()[0]).records()).isEqualTo(read);
    assertThat(bundled.nextOffsets()).isEqualTo(next);
  }

  @Test
  void otherTopicsAndSingleRecordsStayAsTheyAre() {
    var commands = List.of(record(COMMANDS, 1), record(COMMANDS, 2));
    var one = List.of(record(SPANS, 7));

    var bundled = afterBundling(Map.of(COMMANDS, commands, SPANS, one), Map.of());

    assertThat(bundled.records(COMMANDS)).isEqualTo(commands);
    assertThat(bundled.records(SPANS)).isEqualTo(one);
  }

  @Test
  void whatCannotBeUsedGoesToDeadLettersAlone() {
    var good = span(Spans.answered("a", lab.now));
    var absurd = span(Spans.answered("b", lab.now).setDurationNanos(-1));
    var garbage = new ConsumerRecord<>(SPANS.topic(), 0, 40L, new byte[] {1}, new byte[] {2, 3});
    var cutOff = span(Spans.answered("c", lab.now));
    byte[] half = Arrays.copyOf(cutOff.value(), 20);
    var torn = new ConsumerRecord<>(SPANS.topic(), 0, 41L, cutOff.key(), half);
    var alsoGood = span(Spans.failed("d", lab.now));
    var observations = lab.output(Topics.OBSERVATIONS);

    lab.bundle(Topics.SPANS, List.of(good, absurd, garbage, torn, alsoGood));
    lab.pass(Duration.ofMillis(250));

    assertThat(observations.readValuesToList())
        .extracting(Observation::getCalls)
        .containsExactly(2L);
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSize(3);
    assertThat(letters.get(0).value()).isEqualTo(absurd.value());
    assertThat(header(letters.get(0), "switchgear.error")).contains("durationNanos: -1");
    assertThat(header(letters.get(0), "switchgear.offset")).isEqualTo(absurd.offset() + "");
    assertThat(letters.get(1).value()).containsExactly(2, 3);
    assertThat(header(letters.get(1), "switchgear.offset")).isEqualTo("40");
    assertThat(letters.get(2).value()).isEqualTo(half);
  }

  @Test
  void aHeaderThatSomebodySendsIsNoBundle() {
    var sent = span(Spans.answered("a", lab.now));
    sent.headers().add("switchgear.bundle", new byte[] {1});
    var observations = lab.output(Topics.OBSERVATIONS);

    lab.bundle(Topics.SPANS, List.of(sent));
    lab.pass(Duration.ofMillis(250));

    assertThat(observations.readValuesToList()).hasSize(1);
  }

  @Test
  void observationsOfOneBundleAreJudgedInTheirOrder() {
    List<ConsumerRecord<byte[], byte[]>> raw = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      Observation bad = Observations.bad(25, 0, i, lab.now).build();
      raw.add(lab.raw(Topics.OBSERVATIONS, bad.getBreaker(), bad));
    }

    lab.bundle(Topics.OBSERVATIONS, raw);

    assertThat(lab.transitions).hasSize(1);
    assertThat(lab.transitions.get(0).getEvidence().getInputs())
        .extracting(input -> input.getOffset())
        .startsWith(0L)
        .hasSizeLessThan(8);
  }

  private static String header(TestRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
