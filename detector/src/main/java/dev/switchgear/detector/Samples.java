package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the brain takes of an observation, once it is known to make sense. */
public final class Samples {

  /**
   * Observations are kept for hours only, so even the oldest that waited for a detector is younger
   * than this; one that is a day off was written by a clock that is.
   */
  private static final long CLOCK_OFF_MILLIS = Duration.ofDays(1).toMillis();

  /** A guard tells sixteen error types apart; a hundred are messages rather than types. */
  private static final int MOST_ERROR_TYPES = 100;

  private Samples() {}

  /**
   * The observation as a sample.
   *
   * @throws BadRecordException if anything of it is absurd
   */
  public static CallSample of(@Nullable String key, Observation observation, long nowMillis) {
    checkNames(key, observation);
    long from = observation.getFromMillis();
    long to = end(from, observation.getIntervalMillis(), nowMillis);
    checkTypes(observation.getErrors().size());
    try {
      return new CallSample(
          withoutLane(caller(observation)),
          from,
          to,
          observation.getEpoch(),
          observation.getCalls(),
          observation.getErrors(),
          observation.getRefusals(),
          Histograms.of(observation.getLatencyNanos()),
          observation.getExemplars());
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether nothing of a recorded observation is absurd, whenever it was made. */
  public static boolean makesSense(@Nullable String key, Observation observation) {
    try {
      of(key, observation, observation.getFromMillis());
      return true;
    } catch (BadRecordException e) {
      return false;
    }
  }

  /** When the interval ends; refuses one that no clock can have measured. */
  static long end(long fromMillis, int intervalMillis, long nowMillis) {
    if (intervalMillis < 0) {
      throw Names.bad("intervalMillis", intervalMillis, "at least 0");
    }
    long to = fromMillis + Math.max(1, intervalMillis);
    if (to < nowMillis - CLOCK_OFF_MILLIS || to > nowMillis + CLOCK_OFF_MILLIS) {
      throw Names.bad("fromMillis", fromMillis, "within a day of " + nowMillis);
    }
    return to;
  }

  static void checkTypes(int types) {
    if (types > MOST_ERROR_TYPES) {
      throw Names.bad("errors", types + " types", "0.." + MOST_ERROR_TYPES);
    }
  }

  /** Who numbered the observation; no name holds the character between the parts. */
  static String sender(String service, String instance, Lane lane) {
    return service + '\0' + instance + '\0' + lane;
  }

  /** Who made the calls, with the instance as it is told. */
  static Caller caller(Observation observation) {
    return new Caller(
        observation.getService(),
        observation.getInstance(),
        observation.getServiceVersion(),
        observation.getZone(),
        observation.getRegion());
  }

  /** The span lane numbers by partition; the instance is the same. */
  static Caller withoutLane(Caller told) {
    int lane = told.instance().lastIndexOf(SpanSum.LANE);
    return lane < 0
        ? told
        : new Caller(
            told.service(),
            told.instance().substring(0, lane),
            told.version(),
            told.zone(),
            told.region());
  }

  static BadRecordException otherKey(String breaker, @Nullable String key) {
    return Names.bad("breaker", breaker, "the key of the record, " + key);
  }

  private static void checkNames(@Nullable String key, Observation observation) {
    String breaker = observation.getBreaker();
    Names.check("breaker", breaker);
    if (!breaker.equals(key)) {
      throw otherKey(breaker, key);
    }
    Names.checked(caller(observation));
  }
}
