package dev.switchgear.detector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps live objects of a processor as of the last commit. The processor works on objects of its
 * own and tells which of them have changed; each is encoded and written once per commit, however
 * often it changed.
 *
 * <p>The moment matters: what is written before a commit but after the last record it covers is in
 * the same transaction as the input's offsets and the output, so after a crash all three are of the
 * same moment. In Kafka Streams 4.3 that moment is {@link CachedStateStore#flushCache}, which its
 * own caching stores use: a task calls it first thing of each commit. {@link StateStore#commit} and
 * {@code flush} come after the transaction, and under exactly-once not at each commit. The
 * interface is internal to Streams; {@code WriteBehindStoreTest} and {@code CrashIT} fail should a
 * newer version call it at another time, or no more.
 *
 * <p>One thread uses it.
 */
final class WriteBehindStore<V> implements StateStore, CachedStateStore<String, V> {

  private final KeyValueStore<String, V> kept;
  private final Map<String, Supplier<V>> changed = new LinkedHashMap<>();
  private Runnable beforeCommit = () -> {};

  /**
   * Writes into another store.
   *
   * @param kept the store that has the changelog
   */
  WriteBehindStore(KeyValueStore<String, V> kept) {
    this.kept = kept;
  }

  /**
   * Lets a processor finish what it is at, first thing of each commit: what it changes and forwards
   * then is in the same transaction as the input that it stems from.
   */
  void beforeCommit(ProcessorContext<?, ?> processor, Runnable work) {
    var context = (InternalProcessorContext<?, ?>) processor;
    ProcessorNode<?, ?, ?, ?> node = context.currentNode();
    beforeCommit =
        () -> {
          ProcessorNode<?, ?, ?, ?> before = context.currentNode();
          context.setCurrentNode(node);
          try {
            work.run();
          } finally {
            context.setCurrentNode(before);
          }
        };
  }

  /** The value has changed; what the supplier gives when the task commits will be kept. */
  void changed(String key, Supplier<V> value) {
    changed.put(key, value);
  }

  /** The value is gone. */
  @SuppressWarnings("NullAway") // A null value is a tombstone.
  void removed(String key) {
    changed.put(key, () -> null);
  }

  /** Gives every value as of the last commit. */
  void forEachKept(BiConsumer<String, V> action) {
    try (KeyValueIterator<String, V> all = kept.all()) {
      while (all.hasNext()) {
        KeyValue<String, V> entry = all.next();
        action.accept(entry.key, entry.value);
      }
    }
  }

  /** Called when the task is about to commit. */
  @Override
  public void flushCache() {
    beforeCommit.run();
    changed.forEach((key, value) -> keep(key, value.get()));
    changed.clear();
  }

  /** Called when the store goes on as a standby's: its content will come from elsewhere. */
  @Override
  public void clearCache() {
    changed.clear();
    beforeCommit = () -> {};
  }

  @Override
  public boolean setFlushListener(CacheFlushListener<String, V> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return kept.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    kept.init(context, root);
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    kept.commit(changelogOffsets);
  }

  @Override
  public void close() {
    changed.clear();
    kept.close();
  }

  @Override
  public boolean persistent() {
    return kept.persistent();
  }

  @Override
  public boolean isOpen() {
    return kept.isOpen();
  }

  @Override
  public Position getPosition() {
    return kept.getPosition();
  }

  private void keep(String key, @Nullable V value) {
    if (value != null) {
      kept.put(key, value);
    } else if (kept.get(key) != null) {
      kept.delete(key);
    }
  }
}
