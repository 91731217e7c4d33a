package dev.switchgear.recovery.parking;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.WorkResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One partition with its topics, its store and its workers, all in memory. Carries out the verdicts
 * and checks after each what must always hold.
 */
final class World implements Conditions {

  static final String QUEUE = "orders";
  static final String BREAKER = "payments/charge";
  static final int ATTEMPTS = 3;

  /** One release, as it stands on the replay topic. */
  record Release(String itemId, int attempt) {}

  /** One outcome, as it stands on the outcome topic. */
  record Outcome(String itemId, int attempt, WorkResult result) {}

  /** One record of the ledger topic: an item, or the end of one. */
  record Entry(Item item, boolean tombstone) {}

  ParkingLedger ledger = new ParkingLedger(ATTEMPTS);
  long now = 1_000_000;
  int limit = 4;
  double rate = 20;

  final List<Entry> ledgerTopic = new ArrayList<>();
  final List<Outcome> outcomeTopic = new ArrayList<>();
  final List<Release> inFlight = new ArrayList<>();
  final Map<String, Integer> lastRelease = new HashMap<>();
  final Map<String, Item> store = new LinkedHashMap<>();
  final Map<String, QueueMemory> memories = new HashMap<>();
  final Set<String> done = new HashSet<>();
  final Map<String, String> quarantined = new HashMap<>();
  final List<Long> releaseTimes = new ArrayList<>();
  private final Map<String, Deque<String>> keys = new HashMap<>();
  private double allowance = Pace.burst(0);
  private long allowedAt = now;

  @Override
  public int inFlightLimit(String queue) {
    return limit;
  }

  @Override
  public double releasePerSecond(String queue, String breaker) {
    return rate;
  }

  void park(String workKey, long deadlineMillis) {
    int position = ledgerTopic.size();
    String id = "item-" + position;
    Item item = Item.parked(id, QUEUE, workKey, BREAKER, position, now, deadlineMillis);
    ledgerTopic.add(new Entry(item, false));
    keys.computeIfAbsent(workKey, absent -> new ArrayDeque<>()).add(id);
    ledger.add(item, now).forEach(this::carryOut);
  }

  void tick(long millis) {
    allowance = Math.min(Pace.burst(rate), allowance + rate * (now + millis - allowedAt) / 1000);
    now += millis;
    allowedAt = now;
    ledger.release(now, this).forEach(this::carryOut);
  }

  /** The rate changes; what the former allowed is gone where nothing may go. */
  void rate(double perSecond) {
    tick(1);
    rate = perSecond;
    allowance = Math.max(allowance, 0);
  }

  void answer(int which, WorkResult result) {
    if (!inFlight.isEmpty()) {
      Release release = inFlight.remove(which % inFlight.size());
      outcomeTopic.add(new Outcome(release.itemId(), release.attempt(), result));
      carryOut(ledger.outcome(release.itemId(), release.attempt(), result, now));
    }
  }

  /** An outcome that comes once more, or late. */
  void repeat(int which) {
    if (!outcomeTopic.isEmpty()) {
      Outcome old = outcomeTopic.get(which % outcomeTopic.size());
      Verdict verdict = ledger.outcome(old.itemId(), old.attempt(), old.result(), now);
      assertThat(verdict).isInstanceOf(Verdict.Ignored.class);
    }
  }

  /** The process is replaced by one that has the stores. */
  void restart() {
    ledger = new ParkingLedger(ATTEMPTS);
    memories.forEach(ledger::restore);
    store.values().forEach(ledger::restore);
  }

  /**
   * The process is replaced by one that has nothing, and reads the topics again.
   *
   * @param outcomesFirst outcomes read before each record of the ledger
   */
  void loseEverything(int outcomesFirst) {
    store.clear();
    memories.clear();
    ledger = new ParkingLedger(ATTEMPTS);
    ledger.beginRebuild();
    int read = 0;
    for (Entry entry : List.copyOf(ledgerTopic)) {
      read = readOutcomes(read, outcomesFirst);
      readAgain(entry);
      tick(1);
    }
    ledger.ledgerRead();
    readOutcomes(read, outcomeTopic.size());
    tick(1);
    ledger.endRebuild(lastRelease).forEach(this::carryOut);
    assertThat(ledger.itemIds()).isEqualTo(unfinished());
  }

  /** Everything is well from now on: all there is gets done. */
  void drain() {
    rate = 100;
    limit = 10;
    for (int i = 0; i < 5_000 && !unfinished().isEmpty(); i++) {
      tick(1_000);
      while (!inFlight.isEmpty()) {
        answer(0, WorkResult.DONE);
      }
    }
  }

  Set<String> unfinished() {
    Set<String> ids = new HashSet<>();
    keys.values().forEach(ids::addAll);
    return ids;
  }

  private void readAgain(Entry entry) {
    if (entry.tombstone()) {
      ledger.remove(entry.item().id()).ifPresent(item -> store.remove(item.id()));
    } else {
      ledger.add(entry.item(), now).forEach(this::carryOut);
    }
  }

  private int readOutcomes(int from, int count) {
    int to = Math.min(outcomeTopic.size(), from + count);
    for (Outcome outcome : List.copyOf(outcomeTopic.subList(from, to))) {
      carryOut(ledger.outcome(outcome.itemId(), outcome.attempt(), outcome.result(), now));
    }
    return to;
  }

  private void carryOut(Verdict verdict) {
    if (verdict instanceof Verdict.Accepted accepted) {
      store.put(accepted.item().id(), accepted.item());
    } else if (verdict instanceof Verdict.Kept kept) {
      store.put(kept.item().id(), kept.item());
    } else if (verdict instanceof Verdict.Released released) {
      released(released.item());
    } else if (verdict instanceof Verdict.Done ended) {
      finish(ended.item());
      done.add(ended.item().id());
    } else if (verdict instanceof Verdict.Quarantined given) {
      finish(given.item());
      quarantined.put(given.item().id(), given.cause());
    }
    ledger.queues().forEach(queue -> memories.put(queue, ledger.memory(queue)));
  }

  private void released(Item item) {
    assertThat(inFlight).as("released twice").noneMatch(r -> r.itemId().equals(item.id()));
    assertThat(keyOf(item).peek()).as("first of its key").isEqualTo(item.id());
    assertThat(item.attempt()).isGreaterThan(lastRelease.getOrDefault(item.id(), 0));
    store.put(item.id(), item);
    lastRelease.put(item.id(), item.attempt());
    inFlight.add(new Release(item.id(), item.attempt()));
    releaseTimes.add(now);
    allowance--;
    assertThat(inFlight).as("in-flight limit").hasSizeLessThanOrEqualTo(limit);
    assertThat(allowance).as("what the rate leaves").isGreaterThan(-1e-6);
    assertThat(item.deadlineMillis() == 0 || item.deadlineMillis() >= now).isTrue();
  }

  private Deque<String> keyOf(Item item) {
    return requireNonNull(keys.get(item.workKey()));
  }

  private void finish(Item item) {
    if (done.contains(item.id()) || quarantined.containsKey(item.id())) {
      // Read again; its end is in the ledger as well.
      assertThat(ledger.isRebuilding()).isTrue();
    } else {
      assertThat(keyOf(item).poll()).isEqualTo(item.id());
      ledgerTopic.add(new Entry(item, true));
    }
    store.remove(item.id());
  }
}
