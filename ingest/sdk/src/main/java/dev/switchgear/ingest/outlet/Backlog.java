package dev.switchgear.ingest.outlet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Parcels that wait for the sending thread, bounded by their size. Thread-safe. */
final class Backlog {

  /** What the objects around the bytes of one parcel take, about. */
  private static final int OVERHEAD_BYTES = 200;

  /** One parcel, waiting. */
  record Waiting(Parcel parcel, Shipment shipment, long sinceNanos) {
    int bytes() {
      return parcel.bytes() + OVERHEAD_BYTES;
    }
  }

  private final long limitBytes;
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long bytes;
  private boolean closed;

  Backlog(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Takes all or, where there is no room for all, none. */
  boolean offer(List<Parcel> parcels, Shipment shipment) {
    long now = System.nanoTime();
    Deque<Waiting> offered = new ArrayDeque<>(parcels.size());
    parcels.forEach(each -> offered.add(new Waiting(each, shipment, now)));
    long offeredBytes = offered.stream().mapToLong(Waiting::bytes).sum();
    lock.lock();
    try {
      if (closed || bytes + offeredBytes > limitBytes) {
        return false;
      }
      bytes += offeredBytes;
      queue.addAll(offered);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The oldest; null if there is none within that time, or none and none will come. */
  @Nullable Waiting poll(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return pollNow();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest; null if there is none. */
  @Nullable Waiting pollNow() {
    lock.lock();
    try {
      Waiting oldest = queue.poll();
      if (oldest != null) {
        bytes -= oldest.bytes();
      }
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
