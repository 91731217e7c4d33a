package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.parking.Item;
import dev.switchgear.recovery.parking.Verdict;
import dev.switchgear.recovery.state.FailedAttempt;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.QuarantinedWork;
import dev.switchgear.schemas.WorkAttempt;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.WorkResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out verdicts: writes what changed to the store, and what follows to Kafka. Remembers
 * which queues it touched.
 */
final class Execution {

  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  /** With 100 attempts of at most three bytes a character, what remains fits beside the work. */
  private static final int CAUSE_LENGTH = 300;

  private static final String US = "recovery-actions";

  private final ProcessorContext<Object, Object> context;
  private final ParkingStore store;
  private final Set<String> touched = new HashSet<>();

  Execution(ProcessorContext<Object, Object> context, ParkingStore store) {
    this.context = context;
    this.store = store;
  }

  /** Of a record of the ledger. */
  void accept(Verdict verdict, ParkedWork work) {
    if (verdict instanceof Verdict.Accepted accepted) {
      store.accept(accepted.item(), work);
      touched.add(accepted.item().queue());
    } else {
      carryOut(verdict);
    }
  }

  /** Of an outcome. */
  void carryOut(Verdict verdict, WorkOutcome outcome) {
    carryOut(verdict, attempt(outcome));
  }

  /** Of the passing of time. */
  void carryOut(Verdict verdict) {
    carryOut(verdict, (FailedAttempt) null);
  }

  /** Names of the queues touched since the last time. */
  Set<String> takeTouched() {
    Set<String> taken = Set.copyOf(touched);
    touched.clear();
    return taken;
  }

  /** Ends an entry of the ledger. */
  void tombstone(String itemId) {
    ItemEnd end = new ItemEnd(itemId, context.taskId().partition());
    forward(ParkingTopology.FINISHED, end, null);
  }

  private void carryOut(Verdict verdict, @Nullable FailedAttempt attempt) {
    if (verdict instanceof Verdict.Released released) {
      release(released.item());
    } else if (verdict instanceof Verdict.Kept kept) {
      keep(kept.item(), attempt);
    } else if (verdict instanceof Verdict.Done done) {
      end(done.item());
    } else if (verdict instanceof Verdict.Quarantined given) {
      quarantine(given.item(), attempt, given.cause());
    } else {
      LOG.debug("Nothing to do: {}", verdict);
    }
  }

  private void release(Item item) {
    touched.add(item.queue());
    store.keep(item);
    ParkedWork work =
        ParkedWork.newBuilder(store.work(item.id())).setAttempt(item.attempt()).build();
    forward(ParkingTopology.REPLAY, item.workKey(), work);
  }

  private void keep(Item item, @Nullable FailedAttempt attempt) {
    touched.add(item.queue());
    if (attempt == null) {
      store.keep(item);
    } else {
      store.keep(item, attempt);
    }
  }

  private void quarantine(Item item, @Nullable FailedAttempt attempt, String cause) {
    List<FailedAttempt> attempts = new ArrayList<>(store.attempts(item.id()));
    if (attempt != null) {
      attempts.add(attempt);
    }
    if (!cause.isEmpty()) {
      attempts.add(attempt(item.attempt(), WorkResult.FAILED, cause, US, now()));
    }
    QuarantinedWork given =
        QuarantinedWork.newBuilder()
            .setWork(
                ParkedWork.newBuilder(store.work(item.id())).setAttempt(item.attempt()).build())
            .setAttempts(attempts.stream().map(Execution::published).toList())
            .setAtMillis(now())
            .build();
    LOG.warn(
        "Item {} of queue {} goes to quarantine after {} attempts",
        item.id(),
        item.queue(),
        item.attempt());
    forward(ParkingTopology.QUARANTINE, item.queue() + "/" + item.id(), given);
    end(item);
  }

  private void end(Item item) {
    touched.add(item.queue());
    store.remove(item.id());
    tombstone(item.id());
  }

  private long now() {
    return context.currentSystemTimeMs();
  }

  @SuppressWarnings("NullAway") // A tombstone has no value.
  private void forward(String sink, Object key, @Nullable Object value) {
    context.forward(new Record<>(key, value, now()), sink);
  }

  /** What is to be remembered of an attempt; null if it did not fail. */
  private static @Nullable FailedAttempt attempt(WorkOutcome outcome) {
    return switch (outcome.getResult()) {
      case DONE, DEFERRED -> null;
      case FAILED, POISON, UNKNOWN ->
          attempt(
              outcome.getAttempt(),
              outcome.getResult(),
              outcome.getCause(),
              outcome.getBy(),
              outcome.getAtMillis());
    };
  }

  private static FailedAttempt attempt(
      int number, WorkResult result, String cause, String by, long atMillis) {
    return FailedAttempt.newBuilder()
        .setAttempt(number)
        .setResult(result.name())
        .setCause(bounded(cause))
        .setBy(bounded(by))
        .setAtMillis(atMillis)
        .build();
  }

  private static WorkAttempt published(FailedAttempt attempt) {
    return WorkAttempt.newBuilder()
        .setAttempt(attempt.getAttempt())
        .setResult(WorkResult.valueOf(attempt.getResult()))
        .setCause(attempt.getCause())
        .setBy(attempt.getBy())
        .setAtMillis(attempt.getAtMillis())
        .build();
  }

  private static String bounded(String text) {
    return text.length() > CAUSE_LENGTH ? text.substring(0, CAUSE_LENGTH) : text;
  }
}
