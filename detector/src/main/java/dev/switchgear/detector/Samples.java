package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
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
    int interval = observation.getIntervalMillis();
    if (interval < 0) {
      throw Names.bad("intervalMillis", interval, "at least 0");
    }
    long from = observation.getFromMillis();
    long to = from + Math.max(1, interval);
    if (to < nowMillis - CLOCK_OFF_MILLIS || to > nowMillis + CLOCK_OFF_MILLIS) {
      throw Names.bad("fromMillis", from, "within a day of " + nowMillis);
    }
    int types = observation.getErrors().size();
    if (types > MOST_ERROR_TYPES) {
      throw Names.bad("errors", types + " types", "0.." + MOST_ERROR_TYPES);
    }
    try {
      return new CallSample(
          caller(observation),
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

  /** Who numbered the observation; no name holds the character between the parts. */
  static String sender(Observation observation) {
    return observation.getService()
        + '\0'
        + observation.getInstance()
        + '\0'
        + observation.getLane();
  }

  private static Caller caller(Observation observation) {
    return new Caller(
        observation.getService(),
        instance(observation),
        observation.getServiceVersion(),
        observation.getZone(),
        observation.getRegion());
  }

  /** The span lane numbers by partition; the instance is the same. */
  private static String instance(Observation observation) {
    String instance = observation.getInstance();
    int lane = instance.lastIndexOf(SpanSum.LANE);
    return lane < 0 ? instance : instance.substring(0, lane);
  }

  private static void checkNames(@Nullable String key, Observation observation) {
    String breaker = observation.getBreaker();
    Names.check("breaker", breaker);
    if (!breaker.equals(key)) {
      throw Names.bad("breaker", breaker, "the key of the record, " + key);
    }
    Names.check("service", observation.getService());
    Names.check("instance", observation.getInstance());
    checkIfAny("serviceVersion", observation.getServiceVersion());
    checkIfAny("zone", observation.getZone());
    checkIfAny("region", observation.getRegion());
  }

  private static void checkIfAny(String what, @Nullable String name) {
    if (name != null) {
      Names.check(what, name);
    }
  }
}
