package dev.switchgear.guard;

/** How one attempt at parked work ended. */
public enum ReplayResult {
  /** Done; the item is finished. */
  DONE,
  /** The dependency failed; to be tried again. */
  FAILED,
  /** The work itself is bad: no attempt can succeed. */
  POISON,
  /** Not attempted; to be released again later. */
  DEFERRED
}
