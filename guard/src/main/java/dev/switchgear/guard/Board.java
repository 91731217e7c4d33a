package dev.switchgear.guard;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import io.opentelemetry.api.OpenTelemetry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * change nothing. A fleet whose last word on a breaker is a lower epoch has forgotten it, as when
 * its topic was made anew; it is not obeyed, and no longer trusted with that breaker.
 */
public final class Board {

  private static final Logger LOG = LoggerFactory.getLogger(Board.class);

  /**
   * Breakers known, and breakers guarded, at most: some ten kilobytes each, if few threads call.
   */
  private static final int BREAKERS = 10_000;

  private static final int LISTENERS = 100;

  /** A gate that nobody called for so long makes room when there are too many. */
  private static final long IDLE_NANOS = Duration.ofMinutes(10).toNanos();

  private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

  /** As the longest that a policy may say. */
  private static final int LONGEST_STALE_MILLIS = 3_600_000;

  private final Map<String, BreakerState> read = new ConcurrentHashMap<>();
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  /** The gates that each breaker binds; guarded by this. */
  private final Map<String, List<Gate>> bound = new HashMap<>();

  /** Gates that nobody has called for long, as long as somebody may still hold them. */
  private final Map<String, WeakReference<Gate>> retired = new HashMap<>();

  /** Breakers whose newest record is a tombstone; guarded by this. */
  private final Set<String> buried = new HashSet<>();

  /** Since when the newest record of a breaker is of a lower epoch. */
  private final Map<String, Long> contradictedNanos = new ConcurrentHashMap<>();

  private final Caller who;
  private final Clocks clocks;
  private final Degradations degradations;
  private final Pulse pulse = new Pulse();
  private final List<StateListener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean ready;
  private volatile long refused;
  private volatile long retirements;
  private long sweptNanos;

  /** Of nobody knows whom. */
  Board() {
    this(Bonds.NOBODY, Clocks.SYSTEM, new Degradations(OpenTelemetry.noop()));
  }

  /**
   * Of this instance.
   *
   * @param degradations of its guards; closed with it
   */
  Board(Caller who, Clocks clocks, Degradations degradations) {
    this.who = who;
    this.clocks = clocks;
    this.degradations = degradations;
    this.sweptNanos = clocks.nanos() - SWEEP_NANOS;
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
  public synchronized Listening onChange(Consumer<BreakerState> listener) {
    if (listeners.size() >= LISTENERS) {
      throw new IllegalStateException(
          "listeners: " + LISTENERS + " already (register once, at start)");
    }
    StateListener added = new StateListener(listener);
    listeners.add(added);
    return () -> remove(added);
  }

  private void remove(StateListener listener) {
    listeners.remove(listener);
    listener.close();
  }

  /** A listener that is told of changes until this is closed, or the connection. */
  @FunctionalInterface
  public interface Listening extends AutoCloseable {

    /** From now on it is told nothing. */
    @Override
    void close();
  }

  /** State records that were not believed because they made no sense. */
  public long refused() {
    return refused;
  }

  /** What is believed of every breaker that is guarded, by name. */
  List<Health.Belief> beliefs(BreakerPolicy policy) {
    long nanos = clocks.nanos();
    long millis = clocks.millis();
    return gates.values().stream()
        .map(gate -> gate.belief(isFleetHeard(gate, policy, nanos), millis))
        .sorted(Comparator.comparing(Health.Belief::breaker))
        .toList();
  }

  /** What was counted of every breaker that is guarded, by name. */
  List<CallCounts> counts() {
    return gates.values().stream()
        .map(Gate::counts)
        .sorted(Comparator.comparing(CallCounts::breaker))
        .toList();
  }

  /** What fallbacks have answered. */
  Degradations degradations() {
    return degradations;
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

  /** When detectors were last heard of. */
  Pulse pulse() {
    return pulse;
  }

  /** How often gates have been retired. */
  long retirements() {
    return retirements;
  }

  /** Whether the fleet's word on a breaker is there, fresh, and can be trusted. */
  boolean isFleetHeard(Gate gate, BreakerPolicy policy, long nowNanos) {
    long staleAfter = gate.staleAfterNanos(policy);
    return ready
        && pulse.silentNanos(nowNanos) <= staleAfter
        && (contradictedNanos.isEmpty() || !isContradicted(gate, nowNanos - staleAfter));
  }

  /** From now on what was read is obeyed. */
  synchronized void ready() {
    ready = true;
    pulse.heard(clocks.nanos());
    read.values().forEach(this::obey);
  }

  /**
   * Takes one record of the topic; null is a tombstone. What is said to other instances is none of
   * this one's business, and there may be many.
   */
  synchronized void accept(@Nullable String breaker, @Nullable BreakerState state) {
    if (breaker != null && BreakerId.isInstance(breaker) && !isObeyed(breaker)) {
      return;
    }
    BreakerState known = breaker == null ? null : read.get(breaker);
    if (state == null) {
      if (known != null) {
        believe(forgotten(known));
        buried.add(known.getBreaker());
      }
      return;
    }
    String absurdity = absurdity(breaker, state);
    if (absurdity != null) {
      refuse(breaker, absurdity);
    } else if (known == null) {
      believeFirst(state);
    } else if (known.getEpoch() <= state.getEpoch()) {
      contradictedNanos.remove(breaker);
      believeNewer(known, state);
    } else {
      refused++;
      contradictedNanos.putIfAbsent(state.getBreaker(), clocks.nanos());
      LOG.debug("Ignoring epoch {} of {} after {}", state.getEpoch(), breaker, known.getEpoch());
    }
  }

  private boolean isObeyed(String part) {
    return bound.containsKey(part)
        || BreakerId.ofInstance(BreakerId.whole(part), who.service(), who.instance())
            .filter(part::equals)
            .isPresent();
  }

  /** Counts a record that is no breaker state, or none to believe. */
  synchronized void refuse(@Nullable String breaker, String why) {
    refused++;
    LOG.warn("Not believing a state of breaker {}: {}", breaker, why);
  }

  void close() {
    listeners.forEach(StateListener::close);
    degradations.close();
  }

  private synchronized Gate makeGate(String breaker) {
    Gate known = gates.get(Names.check("breaker", breaker));
    if (known != null) {
      return known;
    }
    makeRoom();
    if (gates.size() >= BREAKERS) {
      throw new IllegalStateException(
          "breaker: \"%s\" would be guard number %d (expected: at most %d; are ids of requests or users part of the name?)"
              .formatted(breaker, gates.size() + 1, BREAKERS));
    }
    WeakReference<Gate> held = retired.get(breaker);
    Gate again = held == null ? null : held.get();
    if (again != null) {
      revive(again);
      return again;
    }
    Gate made = new Gate(Bonds.of(breaker, who), degradations, this::revive);
    enlist(made);
    known(made).forEach(made::obey);
    return made;
  }

  private void enlist(Gate gate) {
    gate.calledAt(clocks.nanos());
    for (String id : gate.bonds().all()) {
      bound.computeIfAbsent(id, unseen -> new ArrayList<>()).add(gate);
    }
    gates.put(gate.breaker(), gate);
  }

  /** What is known of the breakers that bind a gate. */
  private List<BreakerState> known(Gate gate) {
    return gate.bonds().all().stream().flatMap(id -> state(id).stream()).toList();
  }

  /** Somebody calls through a gate that had been idle for long. It never fails for that. */
  private synchronized void revive(Gate gate) {
    if (!gates.containsKey(gate.breaker())) {
      makeRoom();
      retired.remove(gate.breaker());
      enlist(gate);
      gate.reopen(known(gate));
    }
  }

  /** Looks at all gates, and so not more often than it is likely to help. */
  private synchronized void makeRoom() {
    long now = clocks.nanos();
    if (gates.size() >= BREAKERS && now - sweptNanos >= SWEEP_NANOS) {
      sweptNanos = now;
      retireIdle(now);
    }
  }

  private synchronized void retireIdle(long now) {
    List<Gate> idle = gates.values().stream().filter(g -> g.isIdle(now, IDLE_NANOS)).toList();
    retired.values().removeIf(each -> each.get() == null);
    for (Gate gate : idle) {
      gates.remove(gate.breaker());
      gate.bonds().all().forEach(id -> unbind(id, gate));
      retired.put(gate.breaker(), new WeakReference<>(gate));
      gate.retire();
    }
    retirements += idle.size();
    if (!idle.isEmpty()) {
      LOG.info("{} breakers that nobody calls make room", idle.size());
    }
  }

  private void unbind(String id, Gate gate) {
    List<Gate> all = bound.get(id);
    if (all != null && all.remove(gate) && all.isEmpty()) {
      bound.remove(id);
    }
  }

  private boolean isContradicted(Gate gate, long sinceNanos) {
    for (String id : gate.bonds().all()) {
      Long nanos = contradictedNanos.get(id);
      if (nanos != null && nanos - sinceNanos <= 0) {
        return true;
      }
    }
    return false;
  }

  private void believeFirst(BreakerState state) {
    if (read.size() < BREAKERS || bound.containsKey(state.getBreaker())) {
      believe(state);
    } else {
      refuse(state.getBreaker(), "it is one more than " + BREAKERS + " breakers");
    }
  }

  private void believe(BreakerState state) {
    buried.remove(state.getBreaker());
    read.put(state.getBreaker(), state);
    if (ready) {
      pulse.heard(clocks.nanos());
      obey(state);
    }
  }

  /**
   * Within an epoch only the timeout that is recommended can be another; what led to it stays. What
   * follows a tombstone is said anew: of a topic read again, the tombstone may be older.
   */
  private void believeNewer(BreakerState known, BreakerState state) {
    if (known.getEpoch() < state.getEpoch() || buried.contains(state.getBreaker())) {
      believe(state);
    } else if (isOfTheSameDecision(known, state)) {
      BreakerState whole = with(known.getExemplars(), state);
      read.put(state.getBreaker(), whole);
      if (ready) {
        gatesBoundBy(whole).forEach(gate -> gate.obey(whole));
      }
    }
  }

  /** Avro's own copying wants every class trusted by name. */
  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private static BreakerState with(List<String> exemplars, BreakerState state) {
    return BreakerState.newBuilder()
        .setBreaker(state.getBreaker())
        .setState(state.getState())
        .setEpoch(state.getEpoch())
        .setAdmittedShare(state.getAdmittedShare())
        .setRetryAfterMillis(state.getRetryAfterMillis())
        .setRecommendedTimeoutMillis(state.getRecommendedTimeoutMillis())
        .setReason(state.getReason())
        .setDecidedAtMillis(state.getDecidedAtMillis())
        .setPolicyVersion(state.getPolicyVersion())
        .setUntilMillis(state.getUntilMillis())
        .setStaleAfterMillis(state.getStaleAfterMillis())
        .setExemplars(exemplars)
        .build();
  }

  private static boolean isOfTheSameDecision(BreakerState known, BreakerState state) {
    return known.getState() == state.getState()
        && known.getAdmittedShare() == state.getAdmittedShare()
        && known.getDecidedAtMillis() == state.getDecidedAtMillis()
        && !known.equals(state);
  }

  private List<Gate> gatesBoundBy(BreakerState state) {
    return bound.getOrDefault(state.getBreaker(), List.of());
  }

  private void obey(BreakerState state) {
    gatesBoundBy(state).forEach(gate -> gate.obey(state));
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
    Integer timeout = state.getRecommendedTimeoutMillis();
    if (timeout != null && timeout < 1) {
      return "recommendedTimeoutMillis: " + timeout + " (expected: at least 1)";
    }
    int stale = state.getStaleAfterMillis();
    if (stale < 0 || stale > LONGEST_STALE_MILLIS) {
      return "staleAfterMillis: " + stale + " (expected: 0.." + LONGEST_STALE_MILLIS + ")";
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
