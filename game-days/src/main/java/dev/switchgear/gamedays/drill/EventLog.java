package dev.switchgear.gamedays.drill;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What was seen and when, to wait for what is to be seen. Thread-safe. */
final class EventLog<T> {

  /** Some hours of transitions; the oldest are forgotten first. */
  private static final int LIMIT = 10_000;

  private final Deque<Event<T>> events = new ArrayDeque<>();

  /**
   * Something seen.
   *
   * @param atNanos by {@link System#nanoTime}
   */
  record Event<T>(long atNanos, T what) {}

  synchronized void add(T what) {
    if (events.size() == LIMIT) {
      events.removeFirst();
    }
    events.addLast(new Event<>(System.nanoTime(), what));
    notifyAll();
  }

  /** The first wanted event from the given moment on; empty if there is none within the timeout. */
  synchronized Optional<Event<T>> awaitFirst(long sinceNanos, Predicate<T> wanted, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<Event<T>> found = first(sinceNanos, wanted);
    while (found.isEmpty() && waitUntil(deadline)) {
      found = first(sinceNanos, wanted);
    }
    return found;
  }

  /** Waits until the newest event of a kind is a wanted one; false if that takes too long. */
  synchronized boolean awaitNewest(Predicate<T> kind, Predicate<T> wanted, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean met = newest(kind).filter(wanted).isPresent();
    while (!met && waitUntil(deadline)) {
      met = newest(kind).filter(wanted).isPresent();
    }
    return met;
  }

  /** The newest event of a kind. */
  synchronized Optional<T> newest(Predicate<T> kind) {
    Iterator<Event<T>> backwards = events.descendingIterator();
    while (backwards.hasNext()) {
      T what = backwards.next().what();
      if (kind.test(what)) {
        return Optional.of(what);
      }
    }
    return Optional.empty();
  }

  private Optional<Event<T>> first(long sinceNanos, Predicate<T> wanted) {
    return events.stream()
        .filter(event -> event.atNanos() - sinceNanos >= 0 && wanted.test(event.what()))
        .findFirst();
  }

  private boolean waitUntil(long deadlineNanos) throws InterruptedException {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    TimeUnit.NANOSECONDS.timedWait(this, left);
    return true;
  }
}
