package dev.switchgear.gamedays.drill;

import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.gamedays.shop.Service;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A dependency falls ill, the fleet's breaker opens and every guard obeys; the dependency is
 * healed, the breaker closes and what was parked is done.
 *
 * @param service the one that falls ill
 * @param fault what is wrong with it
 * @param worse what is wrong with it once the breaker is open, so that a probe fails; null: still
 *     the same, and it is healed before it is probed
 * @param lead how long it is well before
 * @param dwell how long it stays as it is before it is healed
 */
record Outage(
    String title,
    String detail,
    Service service,
    Fault fault,
    @Nullable Fault worse,
    Duration lead,
    Duration dwell)
    implements Act {

  @Override
  public Timings play(Stage stage) throws InterruptedException {
    stage.pause(lead);
    long reachedBefore = stage.shop().reached(service);
    long refusedBefore = stage.shop().refused(service.breaker());
    long faulted = stage.apply(service, fault);
    Stage.Opening opening = stage.awaitOpening(service.breaker(), faulted);
    remain(stage, opening);
    long reached = stage.shop().reached(service) - reachedBefore;
    Duration closed = stage.awaitClosed(service.breaker(), stage.apply(service, Fault.NONE));
    stage.awaitDrained();
    long refused = stage.shop().refused(service.breaker()) - refusedBefore;
    return new Timings(
        service.breaker(), opening.seen(), opening.obeyed(), closed, reached, refused);
  }

  private void remain(Stage stage, Stage.Opening opening) throws InterruptedException {
    if (worse != null) {
      stage.apply(service, worse);
      stage.awaitFailedProbe(service.breaker(), opening.epoch());
    }
    stage.pause(dwell);
  }
}
