package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import java.util.List;
import java.util.Map;

/** Samples as a test wants them: of one caller, over the 250 ms that just passed. */
record Samples(long from, long to, long epoch, long calls, long failed, long refused, long nanos) {

  static final long INTERVAL = 250;
  static final Samples NONE = new Samples(0, INTERVAL, CallSample.NO_EPOCH, 0, 0, 0, 1_000_000);

  static Samples good(long calls) {
    return NONE.andGood(calls);
  }

  static Samples bad(long calls) {
    return NONE.andBad(calls);
  }

  Samples andGood(long more) {
    return new Samples(from, to, epoch, calls + more, failed, refused, nanos);
  }

  Samples andBad(long more) {
    return new Samples(from, to, epoch, calls + more, failed + more, refused, nanos);
  }

  Samples andRefused(long more) {
    return new Samples(from, to, epoch, calls, failed, refused + more, nanos);
  }

  Samples ofEpoch(long other) {
    return new Samples(from, to, other, calls, failed, refused, nanos);
  }

  Samples endingAt(long millis) {
    return new Samples(millis - INTERVAL, millis, epoch, calls, failed, refused, nanos);
  }

  Samples taking(long eachNanos) {
    return new Samples(from, to, epoch, calls, failed, refused, eachNanos);
  }

  CallSample build() {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record((double) nanos, calls);
    Map<String, Long> errors = failed == 0 ? Map.of() : Map.of("timeout", failed);
    return new CallSample(
        "checkout", "checkout-1", from, to, epoch, calls, errors, refused, latency, List.of());
  }
}
