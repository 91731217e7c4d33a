package dev.switchgear.guard;

/**
 * Under which epochs calls are admitted: those of the breakers that the calls are evidence of. What
 * binds them without being judged by them has an epoch too, but that says nothing of these calls.
 *
 * @param own of the gate's own breaker; 0 where nothing is known of it
 * @param region of its part for this region; 0 where nothing is known of it, {@link #NONE} where
 *     there can be none
 * @param caller of its part for this service, likewise
 * @param instance of its part for this instance, likewise
 * @param local of this instance's own judgement; 0 where the fleet's is obeyed. The fleet is never
 *     told it: to the fleet the calls are of the epochs that it was last heard to be in
 */
record Epochs(long own, long region, long caller, long instance, long local) {

  static final long NONE = -1;
}
