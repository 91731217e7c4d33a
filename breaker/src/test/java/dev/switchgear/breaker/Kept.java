package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All that a breaker keeps, as values that can be compared. */
final class Kept {

  private Kept() {}

  static List<Object> of(Breaker breaker) {
    Breaker.Snapshot kept = breaker.snapshot();
    ExponentialHistogram baseline = kept.baseline();
    return List.of(
        kept.state(),
        kept.epoch(),
        kept.sinceMillis(),
        kept.lastCommandMillis(),
        kept.errorSums(),
        kept.slowSums(),
        kept.probed(),
        kept.slices(),
        baseline.scale(),
        baseline.offset(),
        baseline.zeroCount(),
        Arrays.stream(baseline.counts()).boxed().toList(),
        new ArrayList<>(kept.senders().entrySet()));
  }
}
