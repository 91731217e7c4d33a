package dev.switchgear.schemas;

/**
 * Where heartbeats lie: those of detectors apart from all others. Every guard of a fleet follows
 * the detectors, so what it reads must not grow with the fleet. Whoever wants all reads all
 * partitions.
 */
public final class HeartbeatPartition {

  /** The role of those whose heartbeats guards follow. */
  public static final String DETECTOR = "detector";

  /** The partition of the heartbeats of detectors. */
  public static final int OF_DETECTORS = 0;

  private static final int OF_OTHERS = 1;

  private HeartbeatPartition() {}

  /**
   * Partition of the heartbeats of a role.
   *
   * @param partitions number of partitions of the topic; with a single one all lie together
   */
  public static int of(String role, int partitions) {
    return role.equals(DETECTOR) ? OF_DETECTORS : Math.max(0, Math.min(OF_OTHERS, partitions - 1));
  }
}
