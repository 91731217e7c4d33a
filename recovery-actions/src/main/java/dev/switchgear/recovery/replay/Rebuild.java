package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.parking.Item;
import dev.switchgear.recovery.parking.ParkingLedger;
import dev.switchgear.recovery.replay.Archive.Volume;
import dev.switchgear.recovery.state.Offsets;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.streams.BadRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out from the topics all that a store would have told.
 *
 * <p>It reads the partition of the ledger, then that of the outcomes, then which of the unfinished
 * items were released, from the replay topics of their queues. Meanwhile nothing is released, and
 * what the stream brings is passed over, for it is on the same topics. So in the end ledger and
 * outcomes are read once more to where they end by then; from there on the stream counts.
 *
 * <p>It works in short steps, so that no transaction grows too old, and is begun again from nothing
 * if it is interrupted.
 */
final class Rebuild {

  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

  /** A tenth of the time that a transaction may last. */
  private static final Duration STEP = Duration.ofSeconds(1);

  private enum Stage {
    LEDGER,
    OUTCOMES,
    RELEASES,
    CATCHING_UP,
    FINISHED
  }

  private final int partition;
  private final Archive archive;
  private final ParkingLedger ledger;
  private final ParkingStore store;
  private final Execution execution;
  private final Checks checks;
  private final Deserializer<ParkedWork> works;
  private final Deserializer<WorkOutcome> outcomes;
  private final Map<String, Volume> volumes = new HashMap<>();
  private final Deque<String> queues = new ArrayDeque<>();
  private final Map<String, Integer> released = new HashMap<>();
  private Set<String> unfinished = Set.of();
  private Stage stage = Stage.LEDGER;
  private long nowMillis;

  Rebuild(
      int partition,
      Archive archive,
      ParkingLedger ledger,
      ParkingStore store,
      Execution execution,
      Checks checks,
      Records records) {
    this.partition = partition;
    this.archive = archive;
    this.ledger = ledger;
    this.store = store;
    this.execution = execution;
    this.checks = checks;
    this.works = records.deserializer(ParkedWork.class);
    this.outcomes = records.deserializer(WorkOutcome.class);
    ledger.beginRebuild();
    LOG.info("Partition {}: nothing is kept; reading the ledger again", partition);
  }

  /**
   * Goes on for about a second.
   *
   * @return whether it is finished
   */
  boolean step(long atMillis) {
    nowMillis = atMillis;
    try {
      return go();
    } catch (SerializationException e) {
      throw new IllegalStateException("A record that was read cannot be kept", e);
    } catch (KafkaException e) {
      LOG.warn("Partition {}: cannot read on; trying again", partition, e);
      return false;
    }
  }

  void close() {
    volumes.values().forEach(Volume::close);
    volumes.clear();
  }

  private boolean go() {
    switch (stage) {
      case LEDGER -> {
        if (readLedger()) {
          ledger.ledgerRead();
          stage = Stage.OUTCOMES;
        }
      }
      case OUTCOMES -> {
        if (readOutcomes()) {
          unfinished = ledger.itemIds();
          queues.addAll(ledger.queues());
          stage = Stage.RELEASES;
        }
      }
      case RELEASES -> {
        if (readReleases()) {
          stage = Stage.CATCHING_UP;
        }
      }
      case CATCHING_UP -> {
        if (readLedger() && readOutcomes()) {
          finish();
          stage = Stage.FINISHED;
        }
      }
      case FINISHED -> {}
    }
    return stage == Stage.FINISHED;
  }

  private boolean readLedger() {
    return volume(Topics.PARKED_WORK.name()).read(STEP, this::readEntry);
  }

  private boolean readOutcomes() {
    return volume(Topics.WORK_OUTCOMES.name()).read(STEP, this::readOutcome);
  }

  private boolean readReleases() {
    while (!queues.isEmpty()) {
      if (!volume(Topics.replay(queues.getFirst()).name()).read(STEP, this::readRelease)) {
        return false;
      }
      queues.removeFirst();
    }
    return true;
  }

  private void finish() {
    ledger.endRebuild(released).forEach(execution::carryOut);
    store.retain(ledger.itemIds());
    Map<String, Long> next = new HashMap<>();
    next.put(Topics.PARKED_WORK.name(), volume(Topics.PARKED_WORK.name()).position());
    next.put(Topics.WORK_OUTCOMES.name(), volume(Topics.WORK_OUTCOMES.name()).position());
    store.put(ParkingStore.READING, new Offsets(next));
    LOG.info(
        "Partition {}: {} items are unfinished, read from {}",
        partition,
        ledger.itemIds().size(),
        next);
    close();
  }

  private void readEntry(ConsumerRecord<byte[], byte[]> record) {
    String key = key(record);
    if (record.value() == null) {
      ledger.remove(String.valueOf(key)).ifPresent(item -> store.remove(item.id()));
      return;
    }
    ParkedWork work;
    Item item;
    try {
      work = works.deserialize(record.topic(), record.value());
      item = checks.parked(key, work, record.offset());
    } catch (SerializationException | BadRecordException e) {
      passOver(record, e);
      return;
    }
    ledger.add(item, nowMillis).forEach(verdict -> execution.accept(verdict, work));
  }

  private void readOutcome(ConsumerRecord<byte[], byte[]> record) {
    WorkOutcome outcome;
    try {
      outcome = checks.outcome(key(record), outcomes.deserialize(record.topic(), record.value()));
    } catch (SerializationException | BadRecordException e) {
      passOver(record, e);
      return;
    }
    execution.carryOut(
        ledger.outcome(outcome.getItemId(), outcome.getAttempt(), outcome.getResult(), nowMillis),
        outcome);
  }

  private void readRelease(ConsumerRecord<byte[], byte[]> record) {
    try {
      @Nullable ParkedWork work = works.deserialize(record.topic(), record.value());
      if (work != null && unfinished.contains(work.getItemId())) {
        released.merge(work.getItemId(), work.getAttempt(), Math::max);
      }
    } catch (SerializationException e) {
      passOver(record, e);
    }
  }

  /** The stream sends it to dead letters, or did so before. */
  private static void passOver(ConsumerRecord<byte[], byte[]> record, RuntimeException cause) {
    LOG.debug("Passing over {}-{}@{}", record.topic(), record.partition(), record.offset(), cause);
  }

  private Volume volume(String topic) {
    return volumes.computeIfAbsent(topic, name -> archive.open(name, partition));
  }

  private static @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
    byte @Nullable [] key = record.key();
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }
}
