package dev.switchgear.recovery.parking;

import dev.switchgear.schemas.WorkResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The unfinished work of one partition, and every decision about it. Time is given; the caller
 * carries out the verdicts.
 *
 * <p>Rules: of each key one item is in flight, in ledger order, the next after the former is
 * finished. An outcome counts for the release it belongs to; any other changes nothing. A release
 * needs room under the in-flight limit and a token at the rate its breaker leaves.
 *
 * <p><b>Rebuilding.</b> Whoever lost what was known about the items reads the ledger and the
 * outcomes again from their beginning: {@link #beginRebuild}. Nothing is released meanwhile. An
 * outcome then tells by itself that its release took place. An outcome that is read before its item
 * is remembered until {@link #ledgerRead}: after that the item cannot come any more, it was
 * finished long ago. In the end {@link #endRebuild} learns which of the rest are in flight. Nothing
 * is given up meanwhile: whether an item was hopeless was decided by how its queue stood, and it
 * may have been released again since. One that was to be given up at the very end fails once more.
 */
public final class ParkingLedger {

  /** About 15 MB. The ledger is read first, so that normally nothing is remembered at all. */
  private static final int EARLY_OUTCOMES = 100_000;

  private record Early(int attempt, WorkResult result) {}

  private final int attempts;
  private final Map<String, Item> items = new HashMap<>();
  private final Map<String, WorkQueue> queues = new TreeMap<>();
  private final Map<String, Early> early = new LinkedHashMap<>();
  private boolean rebuilding;
  private boolean readingLedger;

  /**
   * An empty ledger.
   *
   * @param attempts failed attempts after which an item is given up, at least 1
   */
  public ParkingLedger(int attempts) {
    this.attempts = attempts;
  }

  /** Takes an item back as it was kept. */
  public void restore(Item item) {
    put(item);
    queue(item.queue()).add(item);
  }

  /** Takes a queue's memory back. */
  public void restore(String queue, QueueMemory memory) {
    queue(queue).restore(memory);
  }

  /** A new item. One that is known already is ignored. */
  public List<Verdict> add(Item item, long nowMillis) {
    if (items.containsKey(item.id())) {
      return List.of(new Verdict.Ignored(item.id(), "parked twice"));
    }
    restore(item);
    Early outcome = early.remove(item.id());
    return outcome == null
        ? List.of(new Verdict.Accepted(item))
        : List.of(
            new Verdict.Accepted(item),
            outcome(item.id(), outcome.attempt(), outcome.result(), nowMillis));
  }

  /** The ledger says that the item is finished; it is returned if it was not known to be. */
  public Optional<Item> remove(String itemId) {
    Item item = items.remove(itemId);
    if (item != null) {
      queue(item.queue()).remove(item);
    }
    return Optional.ofNullable(item);
  }

  /** An attempt has ended. */
  public Verdict outcome(String itemId, int attempt, WorkResult result, long nowMillis) {
    Item item = items.get(itemId);
    if (item == null) {
      remember(itemId, attempt, result);
      return new Verdict.Ignored(itemId, "not parked here, or finished before");
    }
    if (item.inFlight() && item.attempt() == attempt) {
      return end(item, result, nowMillis);
    }
    if (rebuilding && !item.inFlight() && item.attempt() < attempt) {
      Item released = item.inFlightAs(attempt);
      queue(item.queue()).replace(item, released);
      return end(released, result, nowMillis);
    }
    return new Verdict.Ignored(itemId, "attempt " + attempt + " is not in flight");
  }

  /** What may go now, and what is too late to go at all. Nothing while rebuilding. */
  public List<Verdict> release(long nowMillis, Conditions conditions) {
    if (rebuilding) {
      return List.of();
    }
    List<Verdict> verdicts = new ArrayList<>();
    queues.values().forEach(queue -> verdicts.addAll(queue.release(nowMillis, conditions)));
    verdicts.forEach(this::note);
    return verdicts;
  }

  /** From here on ledger and outcomes are read from their beginning. */
  public void beginRebuild() {
    rebuilding = true;
    readingLedger = true;
  }

  /** All that was in the ledger when the rebuild began has been read. */
  public void ledgerRead() {
    readingLedger = false;
    early.clear();
  }

  /**
   * All that was in both has been read: releases may begin.
   *
   * @param released for items known to have been released, the number of their last release
   */
  public List<Verdict> endRebuild(Map<String, Integer> released) {
    ledgerRead();
    rebuilding = false;
    List<Verdict> verdicts = new ArrayList<>();
    released.forEach(
        (itemId, attempt) -> {
          Item item = items.get(itemId);
          if (item != null && !item.inFlight() && item.attempt() < attempt) {
            verdicts.add(queue(item.queue()).keep(item, item.inFlightAs(attempt)));
          }
        });
    verdicts.forEach(this::note);
    return verdicts;
  }

  /** Whether {@link #endRebuild} is awaited. */
  public boolean isRebuilding() {
    return rebuilding;
  }

  /** Ids of the unfinished items. */
  public Set<String> itemIds() {
    return Set.copyOf(items.keySet());
  }

  /** Queues that were ever seen. */
  public Set<String> queues() {
    return Set.copyOf(queues.keySet());
  }

  /** How a queue stands. */
  public Standing standing(String queue) {
    WorkQueue known = queues.get(queue);
    return known == null ? Standing.NOTHING : known.standing();
  }

  /** What is to be remembered of a queue. */
  public QueueMemory memory(String queue) {
    return queue(queue).memory();
  }

  private Verdict end(Item item, WorkResult result, long nowMillis) {
    WorkQueue queue = queue(item.queue());
    Verdict verdict =
        switch (result) {
          case DONE -> {
            queue.done(item);
            yield new Verdict.Done(item);
          }
          case POISON -> queue.failed(item, !rebuilding, nowMillis);
          case DEFERRED -> queue.deferred(item, nowMillis);
          // A result of a newer program ends the attempt as well; nothing else will.
          case FAILED, UNKNOWN -> {
            boolean hopeless = item.failures() + 1 >= attempts;
            yield queue.failed(item, hopeless && !rebuilding, nowMillis);
          }
        };
    note(verdict);
    return verdict;
  }

  private void note(Verdict verdict) {
    if (verdict instanceof Verdict.Released released) {
      put(released.item());
    } else if (verdict instanceof Verdict.Kept kept) {
      put(kept.item());
    } else if (verdict instanceof Verdict.Done done) {
      items.remove(done.item().id());
    } else if (verdict instanceof Verdict.Quarantined given) {
      items.remove(given.item().id());
    }
  }

  private void remember(String itemId, int attempt, WorkResult result) {
    if (!readingLedger) {
      return;
    }
    early.merge(
        itemId,
        new Early(attempt, result),
        (known, later) -> later.attempt() >= known.attempt() ? later : known);
    if (early.size() > EARLY_OUTCOMES) {
      early.remove(early.keySet().iterator().next());
    }
  }

  private void put(Item item) {
    items.put(item.id(), item);
  }

  private WorkQueue queue(String name) {
    return queues.computeIfAbsent(name, WorkQueue::new);
  }
}
