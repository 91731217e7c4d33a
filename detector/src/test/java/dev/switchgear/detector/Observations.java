package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import java.util.List;
import java.util.Map;

/** Observations of a guard. */
final class Observations {

  static final String BREAKER = "payments/charge";
  static final int INTERVAL_MILLIS = 250;

  /** The trace of a failed call. */
  static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private Observations() {}

  /** A quarter of a second of good calls, ending now. */
  static Observation.Builder good(long calls, long epoch, long sequence, long nowMillis) {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(20e6, calls);
    return Observation.newBuilder()
        .setBreaker(BREAKER)
        .setLane(Lane.GUARD)
        .setService("checkout")
        .setInstance("checkout-1")
        .setSequence(sequence)
        .setIncarnation(1)
        .setFromMillis(nowMillis - INTERVAL_MILLIS)
        .setIntervalMillis(INTERVAL_MILLIS)
        .setEpoch(epoch)
        .setCalls(calls)
        .setLatencyNanos(Histograms.record(latency));
  }

  /** A quarter of a second of failed calls, ending now. */
  static Observation.Builder bad(long calls, long epoch, long sequence, long nowMillis) {
    return good(calls, epoch, sequence, nowMillis)
        .setErrors(Map.of("IOException", calls))
        .setExemplars(List.of(TRACE));
  }
}
