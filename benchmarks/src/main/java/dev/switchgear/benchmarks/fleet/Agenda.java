package dev.switchgear.benchmarks.fleet;

import java.util.PriorityQueue;

/** Simulated time: what is due next happens next, and what is due together in order of entry. */
final class Agenda {

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long nowMillis;
  private long entered;

  private record Entry(long atMillis, long order, Runnable what) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Milliseconds since the simulation began. */
  long nowMillis() {
    return nowMillis;
  }

  void at(long millis, Runnable what) {
    entries.add(new Entry(millis, entered++, what));
  }

  void in(long millis, Runnable what) {
    at(nowMillis + millis, what);
  }

  /** Does something again and again, to the given end. */
  void every(long millis, long firstMillis, long endMillis, Runnable what) {
    if (firstMillis < endMillis) {
      at(firstMillis, what);
      at(firstMillis, () -> every(millis, firstMillis + millis, endMillis, what));
    }
  }

  /** Lets the next thing happen; false once nothing is left. */
  boolean step() {
    Entry next = entries.poll();
    if (next == null) {
      return false;
    }
    nowMillis = next.atMillis();
    next.what().run();
    return true;
  }
}
