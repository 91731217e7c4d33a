package dev.switchgear.gamedays.shop;

import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Unavailable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls that guards refused, by breaker. Thread-safe. */
final class Refusals {

  private final Map<String, LongAdder> byBreaker = new ConcurrentHashMap<>();

  /** Counts if the call was refused, not if it was made and failed. */
  void count(Unavailable why) {
    if (why instanceof Refusal refusal) {
      byBreaker.computeIfAbsent(refusal.breaker(), breaker -> new LongAdder()).increment();
    }
  }

  long of(String breaker) {
    LongAdder count = byBreaker.get(breaker);
    return count == null ? 0 : count.sum();
  }
}
