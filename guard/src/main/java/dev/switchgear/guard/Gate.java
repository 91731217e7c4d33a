package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One breaker in this instance: the entry that callers read, and the tallies of the epochs whose
 * results are still coming in. Callers take no lock; obeying a new state and reading the counts do.
 */
final class Gate {

  /**
   * Epochs before the current one that are still counted. A breaker that changes every second
   * leaves a call this many seconds to finish; what is later is of an epoch that changes nothing.
   */
  static final int PAST_EPOCHS = 15;

  private final String breaker;
  private final Deque<Tally> past = new ArrayDeque<>();
  private volatile Entry entry = Entry.unjudged(new Permit(new Tally(0)));

  Gate(String breaker) {
    this.breaker = breaker;
  }

  String breaker() {
    return breaker;
  }

  /** Decides one call. */
  Admission admit() {
    while (true) {
      Entry now = entry;
      if (now.admits()) {
        Permit permit = now.permit();
        if (permit.tally().turnstile().enter()) {
          return permit;
        }
      } else if (now.permit().tally().turnstile().refuse()) {
        return now.refusal();
      }
    }
  }

  /** Admits a call that the breaker's recovery has released already. */
  Permit admitReleased() {
    while (true) {
      Permit permit = entry.permit();
      if (permit.tally().turnstile().enter()) {
        return permit;
      }
    }
  }

  /** Obeys a state whose epoch is not lower than that of the state obeyed. */
  synchronized void obey(BreakerState state) {
    Permit permit = entry.permit();
    if (permit.epoch() == state.getEpoch()) {
      entry = Entry.of(state, permit);
      return;
    }
    Tally ended = permit.tally();
    entry = Entry.of(state, new Permit(new Tally(state.getEpoch())));
    ended.turnstile().close();
    past.addLast(ended);
    if (past.size() > PAST_EPOCHS) {
      past.removeFirst();
    }
  }

  /** All tallies that may still change, oldest epoch first. */
  synchronized List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>(past);
    tallies.add(entry.permit().tally());
    return tallies;
  }

  /** Forgets an ended epoch whose results are all in and reported. */
  synchronized void forget(Tally tally) {
    past.remove(tally);
  }
}
