package dev.switchgear.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The first few trace ids of an interval. Takes no lock; what does not fit is left out. */
final class Exemplars {

  static final int LIMIT = 4;

  private final AtomicReferenceArray<String> traceIds = new AtomicReferenceArray<>(LIMIT);

  /** Whether {@link #offer} would be in vain. */
  boolean isFull() {
    return traceIds.get(LIMIT - 1) != null;
  }

  void offer(String traceId) {
    for (int i = 0; i < LIMIT; i++) {
      if (traceIds.get(i) == null && traceIds.compareAndSet(i, null, traceId)) {
        return;
      }
    }
  }

  List<String> take() {
    List<String> taken = new ArrayList<>(LIMIT);
    for (int i = LIMIT - 1; i >= 0; i--) {
      String traceId = traceIds.getAndSet(i, null);
      if (traceId != null) {
        taken.add(traceId);
      }
    }
    return taken;
  }
}
