package dev.switchgear.guard;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reporter's side of one tally: reads it, keeps what was read until it is observed, and knows
 * what is still running. One thread uses it.
 */
final class TallyReport {

  private final Tally tally;
  private final int timedPerSecond;
  private final OpenCalls open;
  private final long[] finished = new long[LatencyIndex.SLOTS];
  private final Map<String, Long> errors = new HashMap<>();
  private Unsent unsent = new Unsent();
  private Reading fromReading;
  private Reading lastReading;
  private int sampleMillis;
  private long sampleCalls;
  private long sampleRefusals;
  private long enteredSeen;
  private long refusedSeen;
  private long cancelledSeen;
  private long inFlight;
  private boolean over;

  /**
   * Starts to report a tally.
   *
   * @param since when the tally can have begun to count
   * @param timedPerSecond of how many calls a second it is to count the duration
   */
  TallyReport(Tally tally, Reading since, int timedPerSecond) {
    this.tally = tally;
    this.timedPerSecond = timedPerSecond;
    this.open = new OpenCalls(since.nanos());
    this.fromReading = since;
    this.lastReading = since;
  }

  Tally tally() {
    return tally;
  }

  /** Reads what happened since the last reading, and fits to that how many calls are timed. */
  void read(Reading now) {
    if (unsent.isEmpty()) {
      fromReading = lastReading;
    }
    boolean ended = tally.hasEnded();
    // Read first: calls that come and go while this thread is kept waiting are not in flight.
    long entered = tally.turnstile().entered() - enteredSeen;
    long calls = readFinished();
    long cancelled = tally.turnstile().cancelled() - cancelledSeen;
    long refused = tally.turnstile().refused() - refusedSeen;
    unsent.addRefusals(refused);
    sampleCalls = calls;
    sampleRefusals = refused;
    sampleMillis = Math.max(1, now.millisSince(lastReading));
    unsent.addExemplars(tally.takeExemplars());
    open.read(now.nanos(), entered, finished, cancelled);
    long made = Math.max(0, entered - cancelled);
    tally.sampling().fit(made, now.nanos() - lastReading.nanos(), timedPerSecond);
    enteredSeen += entered;
    refusedSeen += refused;
    cancelledSeen += cancelled;
    inFlight += entered - calls - cancelled;
    lastReading = now;
    if (ended && inFlight == 0 && unsent.isEmpty()) {
      tally.turnstile().shut(now.nanos());
      over = tally.turnstile().leave(now.nanos(), enteredSeen, refusedSeen);
    }
  }

  /** What was counted before, and what the last reading found. */
  CallCounts addTo(CallCounts before) {
    long failed = errors.values().stream().mapToLong(Long::longValue).sum();
    return before.plus(sampleCalls, failed, sampleRefusals);
  }

  /** Whether there is something to tell. */
  boolean isActive() {
    return !unsent.isEmpty() || inFlight > 0;
  }

  /**
   * Whether the epoch has ended, everything of it has been told, and nobody will be counted in it
   * any more.
   */
  boolean isOver() {
    return over;
  }

  /** Whether counts would be lost by forgetting this. */
  boolean holdsCounts() {
    return !unsent.isEmpty();
  }

  /** What the last reading found, for the brain: of the local epoch; empty if that is nothing. */
  Optional<CallSample> sample(Caller caller) {
    if (sampleCalls == 0 && sampleRefusals == 0) {
      return Optional.empty();
    }
    long until = lastReading.epochMillis();
    return Optional.of(
        new CallSample(
            caller,
            until - Math.min(sampleMillis, CallSample.MAX_INTERVAL_MILLIS),
            until,
            tally.epochs().local(),
            Math.min(sampleCalls, CallSample.MAX_CALLS),
            sampleCalls > CallSample.MAX_CALLS ? Map.of() : errors,
            Math.min(sampleRefusals, CallSample.MAX_CALLS),
            sampleCalls > CallSample.MAX_CALLS ? ExponentialHistogram.empty() : latencies(),
            List.of()));
  }

  private ExponentialHistogram latencies() {
    long[] counts = Arrays.copyOfRange(finished, 1, LatencyIndex.UNTIMED);
    return ExponentialHistogram.of(LatencyIndex.SCALE, finished[0], LatencyIndex.bucket(1), counts);
  }

  /** Puts everything read so far into an observation; afterwards nothing is unsent. */
  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  Observation observe(String breaker, Identity identity, long sequence) {
    Observation observation =
        Observation.newBuilder()
            .setBreaker(breaker)
            .setLane(Lane.GUARD)
            .setService(identity.service())
            .setInstance(identity.instance())
            .setServiceVersion(identity.version())
            .setZone(identity.zone())
            .setRegion(identity.region())
            .setSequence(sequence)
            .setIncarnation(identity.startedAtMillis())
            .setFromMillis(fromReading.epochMillis())
            .setIntervalMillis(lastReading.millisSince(fromReading))
            .setEpoch(tally.epoch())
            .setRegionEpoch(tally.epochs().region())
            .setCallerEpoch(tally.epochs().caller())
            .setInstanceEpoch(tally.epochs().instance())
            .setCalls(unsent.calls())
            .setErrors(unsent.errors())
            .setRefusals(unsent.refusals())
            .setLatencyNanos(unsent.latencies())
            .setExemplars(unsent.exemplars())
            .setInFlight((int) Math.max(0, Math.min(Integer.MAX_VALUE, inFlight)))
            .setOldestInFlightMillis((int) open.oldestMillis(lastReading.nanos()))
            .build();
    unsent = new Unsent();
    return observation;
  }

  private long readFinished() {
    Arrays.fill(finished, 0);
    tally.moveAnsweredTo(finished);
    errors.clear();
    tally.moveFailedTo(finished, this::addErrors);
    return unsent.addCalls(finished);
  }

  private void addErrors(String type, long count) {
    if (count > 0) {
      errors.put(type, count);
      unsent.addErrors(type, count);
    }
  }
}
