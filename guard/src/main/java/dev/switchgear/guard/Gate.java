package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One breaker in this instance: the entry that callers read, and the tallies of the epochs whose
 * results are still coming in. Callers take no lock; obeying a new state and reading the counts do.
 * Of all breakers that bind it only the tightest is in the entry, so that a call looks at one.
 */
final class Gate {

  /**
   * Epochs before the current one that are still counted. A breaker that changes every second
   * leaves a call this many seconds to finish; what is later is of an epoch that changes nothing.
   */
  static final int PAST_EPOCHS = 15;

  private final Bonds bonds;
  private final Map<String, BreakerState> states = new HashMap<>();
  private final Deque<Tally> past = new ArrayDeque<>();
  private volatile Entry entry;

  Gate(Bonds bonds) {
    this.bonds = bonds;
    this.entry = Entry.unjudged(new Permit(new Tally(epochs())));
  }

  String breaker() {
    return bonds.own();
  }

  Bonds bonds() {
    return bonds;
  }

  /** Decides one call. */
  Admission admit() {
    while (true) {
      Entry now = entry;
      Permit permit = now.permit();
      if (!now.admits()) {
        long turn = permit.tally().turnstile().refuse();
        if (turn >= 0) {
          return now.refusal((int) turn);
        }
      } else if (permit.tally().turnstile().enter()) {
        return permit;
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

  /** The timeout that the fleet recommends; {@link Entry#NONE} where it does not. */
  long recommendedTimeoutNanos() {
    return entry.timeoutNanos();
  }

  /**
   * Obeys a state of one of the breakers that bind this one, whose epoch is not lower than that of
   * the state obeyed.
   */
  synchronized void obey(BreakerState state) {
    states.put(state.getBreaker(), state);
    Permit permit = entry.permit();
    Epochs epochs = epochs();
    if (permit.tally().epochs().equals(epochs)) {
      entry = Entry.of(tightest(), permit, timeoutNanos());
      return;
    }
    Tally ended = permit.tally();
    entry = Entry.of(tightest(), new Permit(new Tally(epochs)), timeoutNanos());
    ended.turnstile().close();
    past.addLast(ended);
    if (past.size() > PAST_EPOCHS) {
      past.removeFirst();
    }
  }

  /** The state that lets fewest calls through; of equal ones that which refuses for longest. */
  private BreakerState tightest() {
    return Collections.min(
        states.values(),
        Comparator.comparingInt(Entry::share)
            .thenComparing(BreakerState::getRetryAfterMillis, Comparator.reverseOrder())
            .thenComparing(BreakerState::getBreaker));
  }

  /** Of the breaker itself, or else of its dependency as a whole. */
  private long timeoutNanos() {
    return bonds.all().stream()
        .map(states::get)
        .filter(state -> state != null && state.getRecommendedTimeoutMillis() != null)
        .findFirst()
        .map(state -> TimeUnit.MILLISECONDS.toNanos(state.getRecommendedTimeoutMillis()))
        .orElse(Entry.NONE);
  }

  private Epochs epochs() {
    return new Epochs(epoch(bonds.own()), partEpoch(bonds.region()), partEpoch(bonds.caller()));
  }

  private long partEpoch(Optional<String> part) {
    return part.map(this::epoch).orElse(Epochs.NONE);
  }

  private long epoch(String id) {
    BreakerState state = states.get(id);
    return state == null ? 0 : state.getEpoch();
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
