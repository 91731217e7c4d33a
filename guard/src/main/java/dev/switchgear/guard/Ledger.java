package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this instance knows of one queue's parked work: its own items from before they are sent, and
 * everybody's items as they are read from {@code switchgear.parked-work}. Thread-safe.
 *
 * <p>In doubt it holds: before the first reading is done, and while there are more items than fit
 * into memory. To park once too often costs a delay; not to park would break the order of a key.
 */
final class Ledger implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  /** About 30 MB. */
  private static final int ITEMS = 200_000;

  private final String queue;
  private final Map<String, Object> config;
  private final Records records;
  private final OwnItems own = new OwnItems();
  private volatile Following following;
  private boolean closed;

  Ledger(String queue, KafkaClients clients, Records records) {
    this.queue = queue;
    this.config = clients.follower("parked-" + queue);
    this.records = records;
    this.following = new Following();
  }

  OwnItems own() {
    return own;
  }

  boolean holds(String workKey) {
    // Own items first: an item is among those read before it is no longer among the own ones.
    if (own.holds(workKey, System.nanoTime())) {
      return true;
    }
    Following now = following;
    return !now.knowsAll() || now.items.holds(workKey);
  }

  boolean isCaughtUp() {
    return following.knowsAll();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    following.follower.close();
  }

  private synchronized void readAgain() {
    if (!closed) {
      Following old = following;
      following = new Following();
      old.follower.close();
    }
  }

  /** One reading of the ledger from its beginning and on. */
  private final class Following implements TopicFollower.Listener<ParkedWork> {

    private final LedgerItems items = new LedgerItems(ITEMS);
    private final AtomicBoolean readingAgain = new AtomicBoolean();
    private final TopicFollower<ParkedWork> follower =
        TopicFollower.start(Topics.PARKED_WORK, config, records, this);

    boolean knowsAll() {
      return follower.isCaughtUp() && !items.hasOverflowed();
    }

    @Override
    public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable ParkedWork work) {
      if (work == null) {
        items.remove(record.key());
      } else if (work.getQueue().equals(queue)) {
        items.put(record.key(), work);
      }
      own.remove(record.key());
      if (items.isWorthReadingAgain()) {
        readAgainSince("has shrunk");
      }
    }

    /** Nobody would finish the items of the old topic, and their keys would be held for ever. */
    @Override
    public void onMadeAnew() {
      own.doubtAll(System.nanoTime());
      readAgainSince("has a new topic");
    }

    private void readAgainSince(String why) {
      if (readingAgain.compareAndSet(false, true)) {
        LOG.info("Queue {} {}; reading its parked work again", queue, why);
        Thread reader = new Thread(Ledger.this::readAgain, "switchgear-read-again-" + queue);
        reader.setDaemon(true);
        reader.start();
      }
    }
  }
}
