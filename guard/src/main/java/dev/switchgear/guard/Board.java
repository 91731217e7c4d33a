package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this instance believes about the fleet's breakers, and obeys. Thread-safe.
 *
 * <p>Until the topic has been read to its end nothing is believed: what comes first may long be
 * over. Then, for each breaker, only a higher epoch is news; repeated, late and reordered states
 * change nothing.
 */
public final class Board {

  private static final Logger LOG = LoggerFactory.getLogger(Board.class);

  /** Breakers known, and breakers guarded, at most: tens of megabytes at the worst. */
  private static final int BREAKERS = 10_000;

  private static final int LISTENERS = 100;

  private final Map<String, BreakerState> read = new ConcurrentHashMap<>();
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  /** The gates that each breaker binds; guarded by this. */
  private final Map<String, List<Gate>> bound = new HashMap<>();

  private final @Nullable String service;
  private final @Nullable String region;
  private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean ready;
  private volatile long refused;

  /** Of an instance of nobody knows which service and where. */
  Board() {
    this(null, null);
  }

  /** Of an instance of that service in that region; null where nobody said. */
  Board(@Nullable String service, @Nullable String region) {
    this.service = service;
    this.region = region;
  }

  /**
   * The state of this breaker; empty where the fleet has said nothing. Its guard obeys it and those
   * of the breakers that bind it: the tightest of them.
   */
  public Optional<BreakerState> state(String breaker) {
    return ready ? Optional.ofNullable(read.get(breaker)) : Optional.empty();
  }

  /** All states obeyed. */
  public Collection<BreakerState> states() {
    return ready ? List.copyOf(read.values()) : List.of();
  }

  /**
   * Calls the listener after guards obey a new state, on a thread of the listener's own and in the
   * order of each breaker's epochs. A listener that falls a thousand states behind misses some.
   */
  public synchronized void onChange(Consumer<BreakerState> listener) {
    if (listeners.size() >= LISTENERS) {
      throw new IllegalStateException(
          "listeners: " + LISTENERS + " already (register once, at start)");
    }
    listeners.add(new StateListener(listener));
  }

  /** State records that were not believed because they made no sense. */
  public long refused() {
    return refused;
  }

  /** The gate of a breaker; the same object for the same id. */
  Gate gate(String breaker) {
    Gate known = gates.get(breaker);
    return known != null ? known : makeGate(breaker);
  }

  Collection<Gate> gates() {
    return gates.values();
  }

  boolean isReady() {
    return ready;
  }

  /** From now on what was read is obeyed. */
  synchronized void ready() {
    ready = true;
    read.values().forEach(this::obey);
  }

  /** Takes one record of the topic; null is a tombstone. */
  synchronized void accept(@Nullable String breaker, @Nullable BreakerState state) {
    BreakerState known = breaker == null ? null : read.get(breaker);
    if (state == null) {
      Optional.ofNullable(known).map(Board::forgotten).ifPresent(this::believe);
      return;
    }
    String absurdity = absurdity(breaker, state);
    if (absurdity != null) {
      refuse(breaker, absurdity);
    } else if (known == null) {
      believeFirst(state);
    } else if (known.getEpoch() < state.getEpoch()) {
      believe(state);
    } else if (known.getEpoch() > state.getEpoch()) {
      refused++;
      LOG.debug("Ignoring epoch {} of {} after {}", state.getEpoch(), breaker, known.getEpoch());
    }
  }

  /** Counts a record that is no breaker state, or none to believe. */
  synchronized void refuse(@Nullable String breaker, String why) {
    refused++;
    LOG.warn("Not believing a state of breaker {}: {}", breaker, why);
  }

  void close() {
    listeners.forEach(StateListener::close);
  }

  private synchronized Gate makeGate(String breaker) {
    Gate known = gates.get(Names.check("breaker", breaker));
    if (known != null) {
      return known;
    }
    if (gates.size() >= BREAKERS) {
      throw new IllegalStateException(
          "breaker: \"%s\" would be guard number %d (expected: at most %d; are ids of requests or users part of the name?)"
              .formatted(breaker, gates.size() + 1, BREAKERS));
    }
    Gate made = new Gate(Bonds.of(breaker, service, region));
    for (String id : made.bonds().all()) {
      bound.computeIfAbsent(id, unseen -> new ArrayList<>()).add(made);
      state(id).ifPresent(made::obey);
    }
    gates.put(breaker, made);
    return made;
  }

  private void believeFirst(BreakerState state) {
    if (read.size() < BREAKERS) {
      believe(state);
    } else {
      refuse(state.getBreaker(), "it is one more than " + BREAKERS + " breakers");
    }
  }

  private void believe(BreakerState state) {
    read.put(state.getBreaker(), state);
    if (ready) {
      obey(state);
    }
  }

  private void obey(BreakerState state) {
    bound.getOrDefault(state.getBreaker(), List.of()).forEach(gate -> gate.obey(state));
    listeners.forEach(each -> each.tell(state));
  }

  private static @Nullable String absurdity(@Nullable String breaker, BreakerState state) {
    if (!state.getBreaker().equals(breaker)) {
      return "it names breaker " + state.getBreaker();
    }
    if (state.getState() == State.UNKNOWN) {
      return "its state is not one this version knows; update the library";
    }
    if (state.getAdmittedShare() < 0 || state.getAdmittedShare() > Entry.ALL) {
      return "admittedShare: " + state.getAdmittedShare() + " (expected: 0.." + Entry.ALL + ")";
    }
    if (state.getRetryAfterMillis() < 0) {
      return "retryAfterMillis: " + state.getRetryAfterMillis() + " (expected: at least 0)";
    }
    return state.getEpoch() < 0 ? "epoch: " + state.getEpoch() + " (expected: at least 0)" : null;
  }

  /** The breaker is no longer judged: closed, and no lower epoch will be obeyed even so. */
  private static BreakerState forgotten(BreakerState known) {
    return BreakerState.newBuilder()
        .setBreaker(known.getBreaker())
        .setState(State.CLOSED)
        .setEpoch(known.getEpoch())
        .setAdmittedShare(Entry.ALL)
        .setReason("no longer judged")
        .setDecidedAtMillis(known.getDecidedAtMillis())
        .build();
  }
}
