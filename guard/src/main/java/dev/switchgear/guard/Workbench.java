package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a replay has taken and not yet finished: waiting, attempted on the handlers' threads, or
 * attempted. Items of one work key are attempted one after the other. The replay's thread uses it.
 */
final class Workbench {

  private final Attempts attempts;
  private final ExecutorService handlers;
  private final List<Taken> waiting = new ArrayList<>();
  private final Set<Taken> running = new HashSet<>();
  private final Set<String> runningKeys = new HashSet<>();
  private final BlockingQueue<Taken> attempted = new LinkedBlockingQueue<>();
  private final List<Taken> finished = new ArrayList<>();

  Workbench(Attempts attempts, ExecutorService handlers) {
    this.attempts = attempts;
    this.handlers = handlers;
  }

  void add(Taken taken) {
    waiting.add(taken);
  }

  /** Starts what can be started, and collects what has finished. */
  void advance() {
    collect(attempted.poll());
    Iterator<Taken> inOrder = waiting.iterator();
    while (inOrder.hasNext()) {
      Taken taken = inOrder.next();
      if (taken.progress().isInReach(taken.source().offset()) && start(taken)) {
        inOrder.remove();
      }
    }
  }

  /** Items taken, whose outcome is not committed. */
  int load() {
    return waiting.size() + running.size() + finished.size();
  }

  /** Whether outcomes are to be expected soon. */
  boolean isBusy() {
    return load() > 0;
  }

  /** What is finished and waits to be committed. */
  List<Taken> finished() {
    return List.copyOf(finished);
  }

  /** The outcomes are committed. */
  void committed(Collection<Taken> done) {
    finished.removeAll(done);
  }

  /** Waits until no item of the partitions is being attempted, but no longer than the timeout. */
  void awaitAttempts(Collection<TopicPartition> partitions, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (running.stream().anyMatch(each -> partitions.contains(each.partition()))) {
        long left = deadline - System.nanoTime();
        Taken next = attempted.poll(left, TimeUnit.NANOSECONDS);
        if (next == null) {
          return;
        }
        collect(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drops items; an attempt under way goes on, and its outcome is dropped later. */
  void drop(Predicate<Taken> unwanted) {
    waiting.removeIf(unwanted);
    finished.removeIf(unwanted);
  }

  void dropWaiting() {
    waiting.clear();
  }

  void dropAll() {
    drop(taken -> true);
  }

  /** Interrupts what still runs. */
  void interrupt() {
    running.forEach(Taken::interrupt);
  }

  private boolean start(Taken taken) {
    ParkedWork work = taken.work();
    if (work == null) {
      finished.add(taken);
      return true;
    }
    if (!runningKeys.add(work.getWorkKey())) {
      return false;
    }
    running.add(taken);
    taken.attempt(handlers.submit(() -> attempt(taken, work)));
    return true;
  }

  private void attempt(Taken taken, ParkedWork work) {
    try {
      taken.outcome(attempts.attempt(work));
    } finally {
      attempted.add(taken);
    }
  }

  private void collect(@Nullable Taken first) {
    for (Taken next = first; next != null; next = attempted.poll()) {
      running.remove(next);
      ParkedWork work = next.work();
      if (work != null) {
        runningKeys.remove(work.getWorkKey());
      }
      finished.add(next);
    }
  }
}
