package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What the judge takes of an observation.
 *
 * @param sender who numbered it; no name holds the character between the parts
 * @param incarnation which start of the sender
 * @param regionEpoch epoch of the part for the caller's region, under which the calls were admitted
 * @param callerEpoch epoch of the part for the calling service
 * @param instanceEpoch epoch of the part for the calling instance
 */
record Report(
    String breaker,
    Lane lane,
    String sender,
    long incarnation,
    long sequence,
    long regionEpoch,
    long callerEpoch,
    long instanceEpoch,
    CallSample sample) {

  /**
   * The observation's.
   *
   * @throws dev.switchgear.schemas.streams.BadRecordException if anything of it is absurd
   */
  static Report of(@Nullable String key, Observation observation, long nowMillis) {
    CallSample sample = Samples.of(key, observation, nowMillis);
    return new Report(
        observation.getBreaker(),
        observation.getLane(),
        Samples.sender(observation.getService(), observation.getInstance(), observation.getLane()),
        observation.getIncarnation(),
        observation.getSequence(),
        observation.getRegionEpoch(),
        observation.getCallerEpoch(),
        observation.getInstanceEpoch(),
        sample);
  }
}
