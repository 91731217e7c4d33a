package dev.switchgear.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.Parking;
import dev.switchgear.guard.ReplayResult;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.Work;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.KafkaProbe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** The work of one queue: parks it, does it, and tells whether each item was done once in turn. */
final class Orders {

  private final KafkaProbe probe;
  private final String queue;
  private final String breaker;
  private final Map<String, List<String>> parked = new HashMap<>();
  private final Map<String, List<String>> done = new ConcurrentHashMap<>();

  Orders(KafkaProbe probe, String queue, String breaker) {
    this.probe = probe;
    this.queue = queue;
    this.breaker = breaker;
  }

  /** Parks so many items of each of so many keys, named {@code key-2/0} and so on. */
  void park(Switchgear gear, int keys, int itemsOfEach) throws Exception {
    Parking parking = gear.parking(queue, breaker);
    for (int item = 0; item < itemsOfEach; item++) {
      for (int number = 0; number < keys; number++) {
        String key = "key-" + number;
        List<String> ofKey = parked.computeIfAbsent(key, absent -> new ArrayList<>());
        String id = key + "/" + ofKey.size();
        ofKey.add(id);
        parking.park(Work.of(key, id, id.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  /** Does one, as a handler. */
  ReplayResult done(ParkedWork work) {
    done.computeIfAbsent(
            work.getWorkKey(), absent -> Collections.synchronizedList(new ArrayList<>()))
        .add(work.getIdempotencyKey());
    return ReplayResult.DONE;
  }

  int countDone() {
    return done.values().stream().mapToInt(List::size).sum();
  }

  List<String> doneOf(String key) {
    return done.getOrDefault(key, List.of());
  }

  void assertEachDoneOnceInTurn() {
    assertThat(done).isEqualTo(parked);
  }

  void assertEachReleasedOnce() {
    assertThat(releases())
        .allSatisfy(each -> assertThat(each.getAttempt()).isEqualTo(1))
        .extracting(ParkedWork::getItemId)
        .doesNotHaveDuplicates();
  }

  /** All releases that there are, each item that was done among them. */
  List<ParkedWork> releases() {
    return probe.read(
        Topics.replay(queue),
        all -> all.stream().map(ParkedWork::getItemId).distinct().count() >= countDone());
  }

  /** Waits until every item that was parked has its tombstone. */
  void awaitFinished() {
    int all = parked.values().stream().mapToInt(List::size).sum();
    probe.readBytes(Topics.PARKED_WORK.name(), records -> isFinished(records, all));
  }

  private boolean isFinished(List<ConsumerRecord<String, byte[]>> records, int items) {
    Set<String> ours = new HashSet<>();
    int ended = 0;
    for (ConsumerRecord<String, byte[]> each : records) {
      if (each.value() == null) {
        ended += ours.remove(each.key()) ? 1 : 0;
      } else if (isOurs(each)) {
        ours.add(each.key());
      }
    }
    return ended == items && ours.isEmpty();
  }

  private boolean isOurs(ConsumerRecord<String, byte[]> record) {
    // Tests put poison on the topic as well; it is shorter than any work.
    if (record.value().length < 10) {
      return false;
    }
    Deserializer<ParkedWork> deserializer = Records.builtInOnly().deserializer(ParkedWork.class);
    return deserializer.deserialize("", record.value()).getQueue().equals(queue);
  }
}
