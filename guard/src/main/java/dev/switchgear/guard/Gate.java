package dev.switchgear.guard;

import dev.switchgear.breaker.policy.BreakerPolicy;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  /** No caller's place. */
  private static final int BY_CHANCE = -1;

  private final Bonds bonds;
  private final Map<String, BreakerState> states = new HashMap<>();
  private @Nullable BreakerState local;
  private long localEpoch;
  private long news;
  private boolean retired;
  private final Degradations degradations;
  private final Consumer<Gate> revival;
  private final Guard guard;
  private volatile long calledNanos;
  private volatile CallCounts counts;
  private final Deque<Tally> past = new ArrayDeque<>();
  private volatile Entry entry;

  /** What the entry is of; null where nothing is known. */
  private volatile @Nullable BreakerState obeyed;

  /**
   * Of a breaker.
   *
   * @param degradations told of the answers of fallbacks
   * @param revival told when it is called although it was retired; {@link #reopen}s it
   */
  Gate(Bonds bonds, Degradations degradations, Consumer<Gate> revival) {
    this.bonds = bonds;
    this.degradations = degradations;
    this.revival = revival;
    this.guard = new Guard(this);
    this.counts = CallCounts.none(bonds.own());
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
    return (Admission) decide();
  }

  /** Decides one call by the caller's place. */
  Admission admit(int place) {
    return (Admission) decide(place);
  }

  /**
   * Decides one call: a permit or a refusal. HotSpot forgets of what class an interface is that an
   * inlined method returns, and whoever asks looks at the object again; that took a fifth of the
   * time of a refused call. So it is declared as any object.
   */
  Object decide() {
    return decide(BY_CHANCE);
  }

  private Object decide(int place) {
    while (true) {
      Entry now = entry;
      if (!(place == BY_CHANCE ? now.admits() : now.admits(place))) {
        int turn = now.turnstile().refuse();
        if (turn != Turnstile.LEFT) {
          return now.refusal(turn);
        }
      } else if (now.turnstile().enter()) {
        return now.permit();
      }
      reviveIfStill(now);
    }
  }

  /** Whether no call is refused now. */
  boolean admitsAll() {
    return entry.admitsAll();
  }

  /** Admits a call that the breaker's recovery has released already. */
  Permit admitReleased() {
    while (true) {
      Entry now = entry;
      if (now.turnstile().enter()) {
        return now.permit();
      }
      reviveIfStill(now);
    }
  }

  /** Decides one more call of work that was admitted: refused only where nothing goes through. */
  Admission admitFurther() {
    return entry.admitsSome() ? admitReleased() : admit();
  }

  /** What fallbacks have answered. */
  Degradations degradations() {
    return degradations;
  }

  /** An entry that nobody reads and that is not replaced is that of a gate that was retired. */
  private void reviveIfStill(Entry left) {
    if (entry == left) {
      revival.accept(this);
    }
  }

  /** The guard of this breaker and nothing else. */
  Guard guard() {
    return guard;
  }

  /** It was called, or made. */
  void calledAt(long nowNanos) {
    calledNanos = nowNanos;
  }

  /** What was counted up to the last look. */
  CallCounts counts() {
    return counts;
  }

  /** Somebody looked. */
  void counted(CallCounts all) {
    counts = all;
  }

  boolean isIdle(long nowNanos, long idleNanos) {
    return nowNanos - calledNanos >= idleNanos;
  }

  /** Nobody has called for long; whoever does so now is told to the one who retires it. */
  synchronized void retire() {
    retired = true;
    states.clear();
    local = null;
    localEpoch = 0;
    obeyed = null;
    past.clear();
    entry.turnstile().leave();
  }

  /** Counts anew, and obeys what is known by now. */
  synchronized void reopen(List<BreakerState> known) {
    retired = false;
    known.forEach(each -> states.put(each.getBreaker(), each));
    enter(new Permit(new Tally(epochs())));
  }

  /** The timeout that the fleet recommends; {@link Entry#NONE} where it does not. */
  long recommendedTimeoutNanos() {
    return entry.timeoutNanos();
  }

  /**
   * Obeys a state of one of the breakers that bind this one, whose epoch is not lower than that of
   * the state obeyed. A higher one ends at once what this instance has decided alone.
   */
  synchronized void obey(BreakerState state) {
    BreakerState before = states.put(state.getBreaker(), state);
    long known = before == null ? 0 : before.getEpoch();
    if (state.getEpoch() > known && isWordOnThis(state)) {
      news++;
      local = null;
      localEpoch = 0;
    }
    enter();
  }

  /** That another breaker which binds this one lets everything through says nothing of this one. */
  private boolean isWordOnThis(BreakerState state) {
    return bonds.judgeItsCalls(state.getBreaker()) || Entry.share(state) < Entry.ALL;
  }

  /**
   * Obeys what this instance has decided alone, and not the fleet; null to obey the fleet. A gate
   * that was retired meanwhile stays so.
   *
   * @param epoch number of the decision; 0 for the fleet
   */
  synchronized void judgeLocally(@Nullable BreakerState state, long epoch) {
    if (retired) {
      return;
    }
    local = state;
    localEpoch = epoch;
    enter();
  }

  /** How often something new was heard of the fleet. */
  synchronized long news() {
    return news;
  }

  /** The state of the fleet that binds tightest; null where nothing is known. */
  synchronized @Nullable BreakerState fleetState() {
    return states.isEmpty() ? null : tightest();
  }

  /** How many of {@link Entry#ALL} calls the fleet lets through. */
  int fleetShare() {
    BreakerState state = fleetState();
    return state == null ? Entry.ALL : Entry.share(state);
  }

  /** Of the breaker itself; 0 where nothing is known. */
  synchronized long fleetEpoch() {
    return epoch(bonds.own());
  }

  /**
   * The fleet's state, or what this instance has decided alone; null where nothing is known. One
   * volatile read.
   */
  @Nullable BreakerState state() {
    return obeyed;
  }

  /** What is believed, for a health page. */
  synchronized Health.Belief belief(boolean fleetHeard, long nowMillis) {
    return Health.Belief.of(breaker(), state(), local != null, fleetHeard, nowMillis);
  }

  /** For how long the fleet may be silent before its word no longer counts. */
  long staleAfterNanos(BreakerPolicy policy) {
    BreakerState state = fleetState();
    int millis = state == null ? 0 : state.getStaleAfterMillis();
    return millis > 0 ? TimeUnit.MILLISECONDS.toNanos(millis) : policy.staleAfter().toNanos();
  }

  /** Puts up the entry of what is obeyed now, in a new epoch if it is another. */
  private void enter() {
    Permit permit = entry.permit();
    Epochs epochs = epochs();
    Tally ended = permit.tally();
    boolean same = ended.epochs().equals(epochs);
    enter(same ? permit : new Permit(new Tally(epochs)));
    if (!same) {
      ended.end();
      past.addLast(ended);
      if (past.size() > PAST_EPOCHS) {
        past.removeFirst().turnstile().leave();
      }
    }
  }

  /** Whoever meets the new entry finds the state that it is of. */
  private void enter(Permit permit) {
    BreakerState state = local != null ? local : fleetState();
    obeyed = state;
    entry = state == null ? Entry.unjudged(permit) : Entry.of(state, permit, timeoutNanos());
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
    return new Epochs(
        epoch(bonds.own()),
        partEpoch(bonds.region()),
        partEpoch(bonds.caller()),
        partEpoch(bonds.instance()),
        localEpoch);
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
