package dev.switchgear.detector;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.TopicProvisioning;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Makes {@link WriteBehindStore}s: in memory, with a changelog. */
final class WriteBehindStoreBuilder<V extends SpecificRecord>
    implements StoreBuilder<WriteBehindStore<V>> {

  /**
   * Values are written again five times a second, so the changelog is cleaned early and in small
   * pieces: what a restart reads stays near what is kept.
   */
  private static final Map<String, String> CHANGELOG =
      Map.of(
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(32 << 20),
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
          "0.2",
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
          Integer.toString(TopicProvisioning.LARGEST_MESSAGE_BYTES));

  private final StoreBuilder<KeyValueStore<String, V>> kept;

  private WriteBehindStoreBuilder(StoreBuilder<KeyValueStore<String, V>> kept) {
    this.kept = kept;
  }

  static <V extends SpecificRecord> WriteBehindStoreBuilder<V> of(
      String name, Class<V> type, Records records) {
    return new WriteBehindStoreBuilder<>(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(name), Serdes.String(), records.serde(type))
            .withLoggingEnabled(CHANGELOG));
  }

  @Override
  public WriteBehindStore<V> build() {
    return new WriteBehindStore<>(kept.build());
  }

  @Override
  public StoreBuilder<WriteBehindStore<V>> withCachingEnabled() {
    return this;
  }

  @Override
  public StoreBuilder<WriteBehindStore<V>> withCachingDisabled() {
    throw new UnsupportedOperationException("Writing behind is what this store is for");
  }

  @Override
  public StoreBuilder<WriteBehindStore<V>> withLoggingEnabled(Map<String, String> config) {
    return new WriteBehindStoreBuilder<>(kept.withLoggingEnabled(config));
  }

  @Override
  public StoreBuilder<WriteBehindStore<V>> withLoggingDisabled() {
    return new WriteBehindStoreBuilder<>(kept.withLoggingDisabled());
  }

  @Override
  public Map<String, String> logConfig() {
    return kept.logConfig();
  }

  @Override
  public boolean loggingEnabled() {
    return kept.loggingEnabled();
  }

  @Override
  public String name() {
    return kept.name();
  }
}
