package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;

/** Does parked work. */
@FunctionalInterface
public interface ReplayHandler {

  /**
   * Does one item; may be asked again for the same item, so it must be idempotent by the item's
   * idempotency key.
   *
   * @throws Exception if the attempt failed; the work is tried again later
   */
  ReplayResult replay(ParkedWork work) throws Exception;
}
