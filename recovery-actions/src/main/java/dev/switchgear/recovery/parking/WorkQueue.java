package dev.switchgear.recovery.parking;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One queue's unfinished items in one partition.
 *
 * <p>Of each key at most one item is eligible: the first, if none of the key is in flight. An
 * eligible item rests until its back-off is over, then it stands ready in the line of its breaker,
 * oldest first. Whatever happens to a key, {@link #settle} finds its eligible item anew: so that
 * the order within a key rests on one method.
 */
final class WorkQueue {

  private static final Comparator<Item> LEDGER_ORDER =
      Comparator.comparingLong(Item::position).thenComparing(Item::id);
  private static final Comparator<Item> BY_REST =
      Comparator.comparingLong(Item::notBeforeMillis).thenComparing(LEDGER_ORDER);
  private static final Comparator<Item> BY_DEADLINE =
      Comparator.comparingLong(Item::deadlineMillis).thenComparing(LEDGER_ORDER);

  /** The items of one key. */
  private static final class Key {
    final NavigableSet<Item> waiting = new TreeSet<>(LEDGER_ORDER);
    @Nullable Item inFlight;
    @Nullable Item eligible;
  }

  /** Eligible items that wait for the same breaker. */
  private static final class Line {
    final NavigableSet<Item> ready = new TreeSet<>(LEDGER_ORDER);
    final Pace pace = new Pace();
  }

  private final String name;
  private final Map<String, Key> keys = new HashMap<>();
  private final Map<String, Line> lines = new HashMap<>();
  private final NavigableSet<Item> all = new TreeSet<>(LEDGER_ORDER);
  private final NavigableSet<Item> resting = new TreeSet<>(BY_REST);
  private final NavigableSet<Item> expiring = new TreeSet<>(BY_DEADLINE);
  private final Suspicion suspicion = new Suspicion();
  private int inFlight;
  private long done;
  private long quarantined;

  WorkQueue(String name) {
    this.name = name;
  }

  void restore(QueueMemory memory) {
    done = memory.done();
    quarantined = memory.quarantined();
    suspicion.restore(memory);
  }

  QueueMemory memory() {
    return suspicion.memory(done, quarantined);
  }

  Standing standing() {
    String breaker = all.isEmpty() ? "" : all.first().breaker();
    long oldest = all.isEmpty() ? 0 : all.first().parkedAtMillis();
    return new Standing(
        breaker, all.size(), inFlight, done, quarantined, oldest, suspicion.stopped());
  }

  /** Takes an item, waiting or in flight. */
  void add(Item item) {
    all.add(item);
    Key key = keys.computeIfAbsent(item.workKey(), absent -> new Key());
    place(key, item);
    settle(key);
  }

  /** Takes an item out, whatever its state. */
  void remove(Item item) {
    all.remove(item);
    Key key = keys.computeIfAbsent(item.workKey(), absent -> new Key());
    displace(key, item);
    settle(key);
    if (key.waiting.isEmpty() && key.inFlight == null) {
      keys.remove(item.workKey());
    }
    if (all.isEmpty()) {
      lines.clear();
    }
  }

  /** Puts an item's new state in the place of the old. */
  void replace(Item old, Item item) {
    Key key = keys.computeIfAbsent(item.workKey(), absent -> new Key());
    displace(key, old);
    place(key, item);
    settle(key);
  }

  void done(Item item) {
    remove(item);
    done++;
    suspicion.done();
  }

  /** A failure; gives the item up if it is hopeless, unless too many seem so. */
  Verdict failed(Item item, boolean hopeless, long nowMillis) {
    if (hopeless && suspicion.allowsQuarantine(item.workKey())) {
      return giveUp(item, "");
    }
    suspicion.failed(nowMillis);
    return keep(item, item.failed(nowMillis));
  }

  Verdict deferred(Item item, long nowMillis) {
    return keep(item, item.deferred(nowMillis));
  }

  Verdict keep(Item old, Item item) {
    replace(old, item);
    return new Verdict.Kept(item);
  }

  /** What may go now, and what is too late to go at all. */
  List<Verdict> release(long nowMillis, Conditions conditions) {
    List<Verdict> verdicts = new ArrayList<>();
    while (!expiring.isEmpty() && expiring.first().deadlineMillis() < nowMillis) {
      Item late = expiring.first();
      Instant deadline = Instant.ofEpochMilli(late.deadlineMillis());
      verdicts.add(giveUp(late, "deadline passed at " + deadline + ", not replayed"));
    }
    wake(nowMillis);
    int limit = suspicion.limit(conditions.inFlightLimit(name), nowMillis);
    lines.forEach(
        (breaker, line) -> {
          line.pace.advance(nowMillis, conditions.releasePerSecond(name, breaker));
          release(line, limit, verdicts);
        });
    return verdicts;
  }

  private void release(Line line, int limit, List<Verdict> verdicts) {
    while (inFlight < limit && !line.ready.isEmpty() && line.pace.take()) {
      Item waiting = line.ready.first();
      Item released = waiting.released();
      replace(waiting, released);
      verdicts.add(new Verdict.Released(released));
    }
  }

  private Verdict giveUp(Item item, String cause) {
    remove(item);
    quarantined++;
    return new Verdict.Quarantined(item, cause);
  }

  private void wake(long nowMillis) {
    while (!resting.isEmpty() && resting.first().notBeforeMillis() <= nowMillis) {
      ready(resting.first());
    }
    // A rest that is longer than any was begun by a clock that has been set back since.
    while (!resting.isEmpty()
        && resting.last().notBeforeMillis() > nowMillis + Backoff.LONGEST_MILLIS) {
      ready(resting.last());
    }
  }

  private void ready(Item item) {
    resting.remove(item);
    lines.computeIfAbsent(item.breaker(), absent -> new Line()).ready.add(item);
  }

  private void place(Key key, Item item) {
    if (item.inFlight()) {
      if (key.inFlight != null) {
        throw new IllegalStateException("In flight together: " + key.inFlight + " and " + item);
      }
      key.inFlight = item;
      inFlight++;
    } else {
      key.waiting.add(item);
    }
  }

  private void displace(Key key, Item item) {
    if (key.inFlight != null && key.inFlight.id().equals(item.id())) {
      key.inFlight = null;
      inFlight--;
    } else if (!key.waiting.remove(item)) {
      throw new IllegalStateException("Not in queue " + name + ": " + item);
    }
  }

  private void settle(Key key) {
    Item first = key.inFlight == null && !key.waiting.isEmpty() ? key.waiting.first() : null;
    if (Objects.equals(first, key.eligible)) {
      return;
    }
    if (key.eligible != null) {
      unschedule(key.eligible);
    }
    key.eligible = first;
    if (first != null) {
      schedule(first);
    }
  }

  private void schedule(Item item) {
    resting.add(item);
    if (item.deadlineMillis() > 0) {
      expiring.add(item);
    }
  }

  private void unschedule(Item item) {
    resting.remove(item);
    expiring.remove(item);
    Line line = lines.get(item.breaker());
    if (line != null) {
      line.ready.remove(item);
    }
  }
}
