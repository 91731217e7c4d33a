package dev.switchgear.ingest.outlet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts records that were dropped. Told to the log at most once in 30 seconds: while Kafka is away
 * there are thousands, and the log may be on its way to Kafka, too. Thread-safe.
 */
final class Drops {

  private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private final AtomicLong count = new AtomicLong();
  private volatile @Nullable Exception latest;
  private final Deadline nextLine = new Deadline();
  private long told;

  void add(int records, Exception why) {
    latest = why;
    count.addAndGet(records);
  }

  long count() {
    return count.get();
  }

  /** Tells, unless that was done a moment ago. For one thread. */
  void tellAtTimes() {
    if (nextLine.isOver() && tell()) {
      nextLine.in(BETWEEN_LINES);
    }
  }

  /** Tells what has not been told; false if there is nothing. For the same thread. */
  boolean tell() {
    long now = count.get();
    if (now == told) {
      return false;
    }
    LOG.warn("Dropped {} telemetry records, {} since the start", now - told, now, latest);
    told = now;
    return true;
  }
}
