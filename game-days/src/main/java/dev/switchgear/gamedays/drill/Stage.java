package dev.switchgear.gamedays.drill;

import dev.switchgear.gamedays.drill.EventLog.Event;
import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.gamedays.load.Tally;
import dev.switchgear.gamedays.shop.Service;
import dev.switchgear.gamedays.shop.Shop;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What acts do and wait for. A wait that ends by its bound is a problem of the run, and the run
 * goes on. Used by one thread.
 */
final class Stage {

  private static final Duration SETTLE_POLL = Duration.ofMillis(200);

  private final Shop shop;
  private final Watch watch;
  private final DemoView view;
  private final Bounds bounds;
  private final List<String> problems = new ArrayList<>();
  private String act = "";

  Stage(Shop shop, Watch watch, DemoView view, Bounds bounds) {
    this.shop = shop;
    this.watch = watch;
    this.view = view;
    this.bounds = bounds;
  }

  /**
   * How a breaker opened after a fault.
   *
   * @param epoch of the open state; -1 if it did not open in time
   * @param seen from the fault until the state was published; null if it was not in time
   * @param obeyed from the fault until the last guard obeyed; null if one did not in time
   */
  record Opening(long epoch, @Nullable Duration seen, @Nullable Duration obeyed) {}

  Shop shop() {
    return shop;
  }

  /** What went wrong so far, in words. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  void problem(String what) {
    problems.add(act.isEmpty() ? what : act + ": " + what);
    view.notice("PROBLEM: " + what);
  }

  void begin(Act next) {
    act = next.title();
    view.headline(next.title(), next.detail());
  }

  void pause(Duration length) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
  }

  /** From now on this is wrong with the service; returns when that was, by the nano clock. */
  long apply(Service service, Fault fault) {
    long now = System.nanoTime();
    shop.apply(service, fault);
    String words = fault.inWords();
    view.notice(service.key() + (words.isEmpty() ? " is well again" : " " + words));
    return now;
  }

  Opening awaitOpening(String breaker, long faultNanos) throws InterruptedException {
    Optional<Event<BreakerState>> opened =
        watch.awaitState(breaker, State.OPEN, -1, faultNanos, bounds.open());
    if (opened.isEmpty()) {
      problem(breaker + " did not open" + within(bounds.open()) + " of the fault");
      return new Opening(-1, null, null);
    }
    long epoch = opened.get().what().getEpoch();
    Duration seen = Duration.ofNanos(opened.get().atNanos() - faultNanos);
    Duration obeyed = watch.awaitObeyed(breaker, epoch, faultNanos, bounds.obeyed()).orElse(null);
    if (obeyed == null) {
      problem("a guard did not obey epoch " + epoch + " of " + breaker + within(bounds.obeyed()));
    } else {
      view.notice(
          "%s open %d ms after the fault, obeyed by every guard after %d ms"
              .formatted(breaker, seen.toMillis(), obeyed.toMillis()));
    }
    return new Opening(epoch, seen, obeyed);
  }

  /** Waits until a breaker that was open at the given epoch has opened once more. */
  void awaitFailedProbe(String breaker, long openEpoch) throws InterruptedException {
    Optional<Event<BreakerState>> again =
        watch.awaitState(breaker, State.OPEN, openEpoch, System.nanoTime(), bounds.failedProbe());
    if (again.isEmpty()) {
      problem(breaker + " did not open again" + within(bounds.failedProbe()));
    }
  }

  /** Returns how long after the given moment the breaker closed; null if not in time. */
  @Nullable Duration awaitClosed(String breaker, long healNanos) throws InterruptedException {
    Optional<Event<BreakerState>> closed =
        watch.awaitState(breaker, State.CLOSED, -1, healNanos, bounds.closed());
    if (closed.isEmpty()) {
      problem(breaker + " did not close" + within(bounds.closed()) + " of the healing");
      return null;
    }
    Duration after = Duration.ofNanos(closed.get().atNanos() - healNanos);
    view.notice("%s closed %d ms after the healing".formatted(breaker, after.toMillis()));
    return after;
  }

  void awaitDrained() throws InterruptedException {
    if (!watch.awaitDrained(Shop.QUEUE, bounds.drained())) {
      problem("orders were still parked " + bounds.drained().toSeconds() + " s later");
    }
  }

  /** Waits until every request of the tally is answered and every accepted order charged. */
  void awaitSettled(Tally tally) throws InterruptedException {
    long deadline = System.nanoTime() + bounds.settled().toNanos();
    while (!isSettled(tally)) {
      if (System.nanoTime() - deadline > 0) {
        problem("orders of " + tally.act() + " were not all charged" + within(bounds.settled()));
        return;
      }
      pause(SETTLE_POLL);
    }
  }

  /** Reports what must not have happened to the requests of an act. */
  void judge(Tally tally, DemoReport.Orders orders) {
    act = tally.act();
    long wrong = orders.lost() + orders.duplicated() + orders.outOfOrder();
    if (wrong > 0) {
      problem(
          "of %d accepted orders %d lost, %d charged twice, %d out of order"
              .formatted(
                  orders.accepted(), orders.lost(), orders.duplicated(), orders.outOfOrder()));
    }
    long unmeasured = tally.unsent() + tally.unrecorded();
    if (unmeasured > 0) {
      problem(unmeasured + " requests were too many for the load generator (a lower rate?)");
    }
  }

  /** Reports a breaker that did not end as it began. */
  void judgeEnd(String breaker) {
    act = "";
    State last = watch.state(breaker).map(BreakerState::getState).orElse(State.CLOSED);
    if (last != State.CLOSED) {
      problem(breaker + " ended " + last + " (expected: CLOSED)");
    }
  }

  private boolean isSettled(Tally tally) {
    return tally.underWay() == 0
        && new OrderCheck(shop.book().entries()).isSettled(tally.receipts());
  }

  private static String within(Duration bound) {
    return " within " + bound.toSeconds() + " s";
  }
}
