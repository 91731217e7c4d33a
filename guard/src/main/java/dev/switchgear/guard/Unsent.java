package dev.switchgear.guard;

import dev.switchgear.schemas.Histogram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts read from a tally and not yet put into an observation. One thread uses it. */
final class Unsent {

  private final long[] latencies = new long[LatencyIndex.SLOTS];
  private final Map<String, Long> errors = new HashMap<>();
  private final List<String> exemplars = new ArrayList<>();
  private long calls;
  private long refusals;

  /** Adds finished calls by slot; returns how many they are. */
  long addCalls(long[] finishedBySlot) {
    long added = 0;
    for (int slot = 0; slot < finishedBySlot.length; slot++) {
      latencies[slot] += finishedBySlot[slot];
      added += finishedBySlot[slot];
    }
    calls += added;
    return added;
  }

  void addErrors(String type, long count) {
    if (count > 0) {
      errors.merge(type, count, Long::sum);
    }
  }

  void addRefusals(long count) {
    refusals += count;
  }

  void addExemplars(List<String> traceIds) {
    traceIds.stream().limit(Exemplars.LIMIT - exemplars.size()).forEach(exemplars::add);
  }

  boolean isEmpty() {
    return calls == 0 && refusals == 0;
  }

  long calls() {
    return calls;
  }

  long refusals() {
    return refusals;
  }

  Map<String, Long> errors() {
    return Map.copyOf(errors);
  }

  List<String> exemplars() {
    return List.copyOf(exemplars);
  }

  Histogram latencies() {
    int first = 1;
    int end = LatencyIndex.UNTIMED;
    while (first < end && latencies[first] == 0) {
      first++;
    }
    while (end > first && latencies[end - 1] == 0) {
      end--;
    }
    List<Long> counts = new ArrayList<>(end - first);
    for (int slot = first; slot < end; slot++) {
      counts.add(latencies[slot]);
    }
    int offset = counts.isEmpty() ? 0 : LatencyIndex.bucket(first);
    return new Histogram(LatencyIndex.SCALE, latencies[0], offset, counts);
  }
}
