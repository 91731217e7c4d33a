package dev.switchgear.recovery.replay;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * Bounds what the stores of all tasks take beside the heap. A store is written once and read once
 * for each step of an item, in about the order it was written: large caches would not help.
 *
 * <p>8 MB of blocks for all stores of the process together, and for each store two buffers of 4 MB:
 * with four partitions and their standbys at most 72 MB.
 */
public final class SmallRocks implements RocksDBConfigSetter {

  private static final long BLOCKS_BYTES = 8L << 20;
  private static final long BUFFER_BYTES = 4L << 20;
  private static final int BUFFERS = 2;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(Blocks.CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferSize(BUFFER_BYTES);
    options.setMaxWriteBufferNumber(BUFFERS);
  }

  /** The cache is everybody's and lives as long as the process. */
  @Override
  public void close(String storeName, Options options) {}

  /** Loads RocksDB no sooner than there is a store. */
  private static final class Blocks {
    static final LRUCache CACHE = new LRUCache(BLOCKS_BYTES);
  }
}
