package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.parking.Item;
import dev.switchgear.recovery.state.FailedAttempt;
import dev.switchgear.recovery.state.KeptItem;
import dev.switchgear.recovery.state.KeptQueue;
import dev.switchgear.recovery.state.Offsets;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one partition: its items with their work, its queues, and how far it has read.
 * One store holds all of it, so that it is lost or restored as a whole.
 */
final class ParkingStore {

  /** From where on the stream counts, by topic; only there once all else is complete. */
  static final String READING = "reading";

  /** From where on bad breaker states have not been sent to dead letters, by partition. */
  static final String LETTERS = "letters";

  private static final String ITEM = "item/";
  private static final String WORK = "work/";
  private static final String QUEUE = "queue/";

  /** As many as {@code attempts} may be set to; of more, the oldest are dropped. */
  private static final int ATTEMPTS = 100;

  private final KeyValueStore<String, byte[]> store;
  private final Serde<KeptItem> items;
  private final Serde<ParkedWork> works;
  private final Serde<KeptQueue> queues;
  private final Serde<Offsets> offsets;

  ParkingStore(KeyValueStore<String, byte[]> store, Records records) {
    this.store = store;
    this.items = records.serde(KeptItem.class);
    this.works = records.serde(ParkedWork.class);
    this.queues = records.serde(KeptQueue.class);
    this.offsets = records.serde(Offsets.class);
  }

  /** A new item, and what is to be done. */
  void accept(Item item, ParkedWork work) {
    put(WORK + item.id(), works, work);
    put(ITEM + item.id(), items, kept(item, List.of()));
  }

  /** An item's new state. */
  void keep(Item item) {
    put(ITEM + item.id(), items, kept(item, attempts(item.id())));
  }

  /** An item's new state after an attempt that counted. */
  void keep(Item item, FailedAttempt attempt) {
    List<FailedAttempt> attempts = new ArrayList<>(attempts(item.id()));
    attempts.add(attempt);
    int surplus = Math.max(0, attempts.size() - ATTEMPTS);
    put(ITEM + item.id(), items, kept(item, attempts.subList(surplus, attempts.size())));
  }

  boolean holds(String itemId) {
    return store.get(ITEM + itemId) != null;
  }

  List<FailedAttempt> attempts(String itemId) {
    KeptItem known = get(ITEM + itemId, items);
    return known == null ? List.of() : known.getAttempts();
  }

  ParkedWork work(String itemId) {
    ParkedWork work = get(WORK + itemId, works);
    if (work == null) {
      throw new IllegalStateException("Item " + itemId + " is kept without its work");
    }
    return work;
  }

  void remove(String itemId) {
    store.delete(ITEM + itemId);
    store.delete(WORK + itemId);
  }

  /** Removes all items but these. */
  void retain(Set<String> itemIds) {
    all(ITEM, items).keySet().stream().filter(id -> !itemIds.contains(id)).forEach(this::remove);
  }

  List<Item> items() {
    return all(ITEM, items).values().stream().map(ParkingStore::item).toList();
  }

  Map<String, KeptQueue> queues() {
    return all(QUEUE, queues);
  }

  void put(String queue, KeptQueue kept) {
    put(QUEUE + queue, queues, kept);
  }

  Optional<Offsets> offsets(String name) {
    return Optional.ofNullable(get(name, offsets));
  }

  void put(String name, Offsets next) {
    put(name, offsets, next);
  }

  private <V extends SpecificRecord> void put(String key, Serde<V> serde, V value) {
    store.put(key, serde.serializer().serialize(ParkingTopology.PARKING, value));
  }

  private <V extends SpecificRecord> @Nullable V get(String key, Serde<V> serde) {
    return serde.deserializer().deserialize(ParkingTopology.PARKING, store.get(key));
  }

  private <V extends SpecificRecord> Map<String, V> all(String prefix, Serde<V> serde) {
    Map<String, V> found = new LinkedHashMap<>();
    try (KeyValueIterator<String, byte[]> each = store.prefixScan(prefix, new StringSerializer())) {
      while (each.hasNext()) {
        KeyValue<String, byte[]> entry = each.next();
        String key = entry.key.substring(prefix.length());
        found.put(key, serde.deserializer().deserialize(ParkingTopology.PARKING, entry.value));
      }
    }
    return found;
  }

  private static KeptItem kept(Item item, List<FailedAttempt> attempts) {
    return KeptItem.newBuilder()
        .setItemId(item.id())
        .setQueue(item.queue())
        .setWorkKey(item.workKey())
        .setBreaker(item.breaker())
        .setPosition(item.position())
        .setParkedAtMillis(item.parkedAtMillis())
        .setDeadlineMillis(item.deadlineMillis())
        .setAttempt(item.attempt())
        .setInFlight(item.inFlight())
        .setFailures(item.failures())
        .setNotBeforeMillis(item.notBeforeMillis())
        .setAttempts(List.copyOf(attempts))
        .build();
  }

  private static Item item(KeptItem kept) {
    return new Item(
        kept.getItemId(),
        kept.getQueue(),
        kept.getWorkKey(),
        kept.getBreaker(),
        kept.getPosition(),
        kept.getParkedAtMillis(),
        kept.getDeadlineMillis(),
        kept.getAttempt(),
        kept.getInFlight(),
        kept.getFailures(),
        kept.getNotBeforeMillis());
  }
}
