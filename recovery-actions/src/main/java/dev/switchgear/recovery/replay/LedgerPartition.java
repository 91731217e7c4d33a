package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.parking.Item;
import dev.switchgear.recovery.parking.ParkingLedger;
import dev.switchgear.recovery.parking.QueueMemory;
import dev.switchgear.recovery.parking.Standing;
import dev.switchgear.recovery.state.Grant;
import dev.switchgear.recovery.state.KeptQueue;
import dev.switchgear.recovery.state.Offsets;
import dev.switchgear.recovery.state.PartStanding;
import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the ledger at work: its items in memory, what is kept of them, and whoever
 * carries out what is decided. Used by the thread of its task.
 */
final class LedgerPartition {

  /** Standings are for dividing and for people; more often is of no use to either. */
  private static final Duration TELL_EVERY = Duration.ofMillis(200);

  private final ProcessorContext<Object, Object> context;
  private final Plan plan;
  private final Ramp ramp;
  private final BreakerLetters letters;
  private final int number;
  private final Checks checks;
  private final ParkingStore store;
  private final Execution execution;
  private final ParkingLedger ledger;
  private final Map<String, KeptQueue> kept = new HashMap<>();
  private final Map<String, PartStanding> told = new HashMap<>();
  private long toldAtMillis;
  private Offsets reading = new Offsets(Map.of());
  private Offsets lettersSent = new Offsets(Map.of());
  private @Nullable Rebuild rebuild;

  private LedgerPartition(
      ProcessorContext<Object, Object> context,
      Plan plan,
      Records records,
      Ramp ramp,
      BreakerLetters letters) {
    KeyValueStore<String, byte[]> bytes = context.getStateStore(ParkingTopology.PARKING);
    this.context = context;
    this.plan = plan;
    this.ramp = ramp;
    this.letters = letters;
    this.number = context.taskId().partition();
    this.checks = new Checks(number, plan.partitions());
    this.store = new ParkingStore(bytes, records);
    this.execution = new Execution(context, store);
    this.ledger = new ParkingLedger(plan.attempts());
  }

  /** Opens it as it was kept; if nothing was, it has to be rebuilt first. */
  static LedgerPartition open(
      ProcessorContext<Object, Object> context,
      Plan plan,
      Records records,
      Archive archive,
      Ramp ramp,
      BreakerLetters letters) {
    var partition = new LedgerPartition(context, plan, records, ramp, letters);
    partition.restore(records, archive);
    return partition;
  }

  /** A record of the ledger: an item, or the end of one. */
  void read(@Nullable String itemId, @Nullable ParkedWork work, long offset) {
    if (work == null) {
      if (itemId != null && isNews(Topics.PARKED_WORK.name(), offset)) {
        ledger.remove(itemId).ifPresent(this::removed);
      }
    } else {
      Item item = checked(itemId, work, offset);
      if (isNews(Topics.PARKED_WORK.name(), offset)) {
        ledger.add(item, now()).forEach(verdict -> execution.accept(verdict, work));
      }
    }
    advance();
  }

  /** How an attempt has ended. */
  void read(@Nullable String itemId, @Nullable WorkOutcome read, long offset) {
    WorkOutcome outcome = checks.outcome(itemId, read);
    if (isNews(Topics.WORK_OUTCOMES.name(), offset)) {
      execution.carryOut(
          ledger.outcome(outcome.getItemId(), outcome.getAttempt(), outcome.getResult(), now()),
          outcome);
    }
    advance();
  }

  /** How much of a queue may be in flight from now on. It is confirmed even if it is known. */
  void obey(Grant grant) {
    ramp.obey(grant);
    told.remove(grant.getQueue());
    keep(grant.getQueue());
    advance();
  }

  /** Time has passed. */
  void pass() {
    if (rebuild != null && rebuild.step(now())) {
      rebuild = null;
      reading = store.offsets(ParkingStore.READING).orElseThrow();
    }
    sendLetters();
    advance();
    tell();
  }

  /** Whether anything here depends on time. */
  boolean isAwake() {
    return rebuild != null
        || ledger.queues().stream().anyMatch(queue -> ledger.standing(queue).parked() > 0)
        || !untold().isEmpty()
        || !unsent().isEmpty();
  }

  void close() {
    if (rebuild != null) {
      rebuild.close();
    }
  }

  private void restore(Records records, Archive archive) {
    lettersSent = store.offsets(ParkingStore.LETTERS).orElse(lettersSent);
    kept.putAll(store.queues());
    kept.forEach(
        (queue, known) -> ramp.obey(new Grant(queue, number, known.getSlots(), known.getGrant())));
    Offsets complete = store.offsets(ParkingStore.READING).orElse(null);
    if (complete == null) {
      rebuild = new Rebuild(number, archive, ledger, store, execution, checks, records);
    } else {
      reading = complete;
      kept.forEach((queue, known) -> ledger.restore(queue, memory(known)));
      store.items().forEach(ledger::restore);
    }
  }

  /** While rebuilding nothing is; later, what the rebuild has not read. */
  private boolean isNews(String topic, long offset) {
    return rebuild == null && offset >= reading.getNext().getOrDefault(topic, 0L);
  }

  /** Nonsense must not make its key wait for ever, so its entry is ended. */
  private Item checked(@Nullable String itemId, ParkedWork work, long offset) {
    try {
      return checks.parked(itemId, work, offset);
    } catch (BadRecordException e) {
      if (itemId != null && !store.holds(itemId)) {
        execution.tombstone(itemId);
      }
      throw e;
    }
  }

  private void removed(Item item) {
    store.remove(item.id());
    keep(item.queue());
  }

  private void advance() {
    if (rebuild == null) {
      ledger.release(now(), ramp).forEach(execution::carryOut);
    }
    execution.takeTouched().forEach(this::keep);
  }

  private void keep(String queue) {
    QueueMemory memory = ledger.memory(queue);
    KeptQueue now =
        KeptQueue.newBuilder()
            .setDone(memory.done())
            .setQuarantined(memory.quarantined())
            .setSuspects(memory.suspects())
            .setStopped(memory.stopped())
            .setFailuresWhileStopped(memory.failuresWhileStopped())
            .setPausedUntilMillis(memory.pausedUntilMillis())
            .setSlots(ramp.slots(queue))
            .setGrant(ramp.number(queue))
            .build();
    if (!now.equals(kept.put(queue, now))) {
      store.put(queue, now);
    }
  }

  private void tell() {
    if (now() - toldAtMillis >= TELL_EVERY.toMillis()) {
      for (PartStanding standing : untold()) {
        told.put(standing.getQueue(), standing);
        toldAtMillis = now();
        context.forward(
            new Record<>(standing.getQueue(), standing, now()), ParkingTopology.TELLING);
      }
    }
  }

  /** How queues stand, where that is not how it was told. */
  private List<PartStanding> untold() {
    if (rebuild != null) {
      return List.of();
    }
    TreeSet<String> queues = new TreeSet<>(ledger.queues());
    queues.addAll(ramp.queues());
    return queues.stream()
        .map(this::standing)
        .filter(standing -> !standing.equals(told.get(standing.getQueue())))
        .toList();
  }

  private PartStanding standing(String queue) {
    Standing standing = ledger.standing(queue);
    boolean isHeld = standing.parked() > 0 && ramp.isBlocked(queue);
    boolean isMoving = standing.parked() > 0 && ramp.isOpen(queue);
    return PartStanding.newBuilder()
        .setQueue(queue)
        .setPartition(number)
        .setBreaker(standing.breaker())
        .setParked(standing.parked())
        .setInFlight(standing.inFlight())
        .setDone(standing.done())
        .setQuarantined(standing.quarantined())
        .setOldestParkedAtMillis(standing.oldestParkedAtMillis())
        .setStopped(standing.stopped() || isHeld)
        .setReleasePerSecond(isMoving ? ramp.releasePerSecond(queue, standing.breaker()) : 0)
        .setSlots(ramp.slots(queue))
        .setGrant(ramp.number(queue))
        .build();
  }

  private List<DeadLetter> unsent() {
    return letters.of(number, plan.partitions(), lettersSent.getNext());
  }

  private void sendLetters() {
    for (DeadLetter letter : unsent()) {
      ProducerRecord<byte[], byte[]> sent = letter.toRecord();
      context.forward(
          new Record<>(sent.key(), sent.value(), now(), sent.headers()),
          ParkingTopology.DEAD_LETTERS);
      Map<String, Long> next = new HashMap<>(lettersSent.getNext());
      next.put(Integer.toString(letter.partition()), letter.offset() + 1);
      lettersSent = new Offsets(next);
      store.put(ParkingStore.LETTERS, lettersSent);
    }
  }

  private long now() {
    return context.currentSystemTimeMs();
  }

  private static QueueMemory memory(KeptQueue kept) {
    return new QueueMemory(
        kept.getDone(),
        kept.getQuarantined(),
        kept.getSuspects(),
        kept.getStopped(),
        kept.getFailuresWhileStopped(),
        kept.getPausedUntilMillis());
  }
}
