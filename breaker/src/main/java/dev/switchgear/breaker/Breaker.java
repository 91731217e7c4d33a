package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExcessTest;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.evidence.LatencyBaseline;
import dev.switchgear.breaker.evidence.RecoveryTest;
import dev.switchgear.breaker.evidence.SequenceWindow;
import dev.switchgear.breaker.evidence.Suspect;
import dev.switchgear.breaker.evidence.Versions;
import dev.switchgear.breaker.evidence.Window;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One shared breaker: takes observations, commands and the passing of time, and says when its state
 * changes. The epoch grows by one with each change; observations of an older epoch move nothing.
 * The same inputs give the same transitions, wherever and whenever they are run. Not thread-safe.
 */
public final class Breaker {

  /**
   * Senders whose sequence numbers are remembered; the one that was silent longest is forgotten
   * first.
   */
  static final int MAX_SENDERS = 1_024;

  /** Most breakers have a few senders, and there are many breakers. */
  private static final int FEW = 2;

  private final String id;
  private final Evidence evidence;
  private final Map<String, SequenceWindow> senders = new LinkedHashMap<>(FEW, 0.75f, true);
  private BreakerPolicy policy;
  private State state;
  private long epoch;
  private long sinceMillis;
  private long lastCommandMillis;

  /**
   * A breaker that nobody has seen before: closed, or shadowing where the policy does not enforce;
   * epoch 0.
   */
  public Breaker(String id, BreakerPolicy policy, long nowMillis) {
    this.id = id;
    this.policy = policy;
    this.evidence = new Evidence(policy);
    this.state = policy.enforced() ? Closed.INITIAL : new Shadow(null, Closed.INITIAL);
    this.sinceMillis = nowMillis;
  }

  /**
   * What a restart needs. Details of the window (histogram, names, exemplars) are not kept.
   *
   * @param errorSums sums of the test for failed calls
   * @param slowSums sums of the test for slow calls
   * @param probed what the recovery tests have seen in this epoch
   * @param versions when which version of a caller was seen first
   */
  public record Snapshot(
      State state,
      long epoch,
      long sinceMillis,
      long lastCommandMillis,
      List<ExcessTest.Sum> errorSums,
      List<ExcessTest.Sum> slowSums,
      Probed probed,
      List<Window.Slice> slices,
      ExponentialHistogram baseline,
      Map<String, SequenceWindow> senders,
      Versions.Snapshot versions) {}

  /**
   * Calls of one epoch, and how many of them were bad.
   *
   * @param slow slow ones of the {@link #timed} calls
   * @param untimed calls that do not count when slowness is judged; 0..calls
   */
  public record Probed(long calls, long failed, long slow, long untimed) {

    /** Calls that count when slowness is judged. */
    public long timed() {
      return calls - untimed;
    }

    /** Whether they prove the dependency well, by the test that ended the epoch if it did. */
    public boolean isWell(double acceptedErrors, double acceptedSlow) {
      return test(acceptedErrors, calls, failed).well() && test(acceptedSlow, timed(), slow).well();
    }

    /** Whether they point to a dependency that is ill, though they do not prove it. */
    public boolean leansIll(double acceptedErrors, double acceptedSlow) {
      return test(acceptedErrors, calls, failed).leansIll()
          || test(acceptedSlow, timed(), slow).leansIll();
    }

    private static RecoveryTest test(double accepted, long of, long bad) {
      RecoveryTest test = new RecoveryTest(accepted);
      test.add(of, bad);
      return test;
    }
  }

  /**
   * A breaker that goes on where the snapshot was taken.
   *
   * @param policy the policy it was judged by; a newer one is for {@link #adopt(BreakerPolicy,
   *     long)}
   */
  public static Breaker restore(String id, BreakerPolicy policy, Snapshot kept) {
    Breaker breaker = new Breaker(id, policy, kept.sinceMillis());
    breaker.state = kept.state();
    breaker.epoch = kept.epoch();
    breaker.lastCommandMillis = kept.lastCommandMillis();
    Evidence evidence = breaker.evidence;
    evidence.errorExcess.restore(kept.errorSums());
    evidence.slowExcess.restore(kept.slowSums());
    evidence.errorRecovery.add(kept.probed().calls(), kept.probed().failed());
    evidence.slowRecovery.add(kept.probed().timed(), kept.probed().slow());
    evidence.window.restore(kept.slices());
    evidence.baseline = new LatencyBaseline(kept.baseline());
    breaker.senders.putAll(kept.senders());
    evidence.versions().restore(kept.versions());
    return breaker;
  }

  /** What is needed to go on after a restart. */
  public Snapshot snapshot() {
    return new Snapshot(
        state,
        epoch,
        sinceMillis,
        lastCommandMillis,
        evidence.errorExcess.sums(),
        evidence.slowExcess.sums(),
        evidence.probed(),
        evidence.window.slices(),
        evidence.baseline.histogram(),
        new LinkedHashMap<>(senders),
        evidence.versions().snapshot());
  }

  /**
   * Continues a breaker of which only the published state is known, as after the loss of every
   * store: its epoch goes on, its evidence starts anew. Commands from before that state was decided
   * have had their say.
   */
  public static Breaker adopt(
      String id, BreakerPolicy policy, State state, long epoch, long sinceMillis) {
    Breaker breaker = new Breaker(id, policy, sinceMillis);
    breaker.state = state;
    breaker.epoch = epoch;
    breaker.lastCommandMillis = sinceMillis;
    return breaker;
  }

  /**
   * Whether this numbered observation is new; remembers that it has been seen.
   *
   * @param sender who numbered it
   * @param incarnation which start of the sender
   */
  public boolean firstSeen(String sender, long incarnation, long sequence) {
    SequenceWindow window = senders.get(sender);
    if (window != null && window.repeats(incarnation, sequence)) {
      return false;
    }
    senders.put(
        sender,
        window == null
            ? SequenceWindow.startingAt(incarnation, sequence)
            : window.with(incarnation, sequence));
    if (senders.size() > MAX_SENDERS) {
      senders.remove(senders.keySet().iterator().next());
    }
    return true;
  }

  /**
   * How far some of its senders have counted: the sum of their highest numbers. It grows while any
   * of them is heard of; 0 where none ever was.
   */
  public long numbersOf(Predicate<String> sender) {
    return senders.entrySet().stream()
        .filter(each -> sender.test(each.getKey()))
        .mapToLong(each -> each.getValue().highest())
        .sum();
  }

  /** What became of an observation. */
  public record Observed(boolean late, Optional<Transition> transition) {
    private static final Observed LATE = new Observed(true, Optional.empty());
    private static final Observed COUNTED = new Observed(false, Optional.empty());
  }

  /**
   * Takes calls as somebody saw them, and judges. Calls of another epoch than the running one are
   * no evidence; refusals never are, they only say how much is wanted.
   */
  public Observed observe(CallSample sample, long nowMillis) {
    return observe(sample, Set.of(), nowMillis);
  }

  /**
   * The breaker of a part of another's calls.
   *
   * @param epoch of that breaker, under which the calls were admitted
   */
  public record Part(Breaker breaker, long epoch) {}

  /** What became of an observation, for a breaker and those of the parts that it belongs to. */
  public record Shared(Observed whole, Map<Scope, Observed> parts) {}

  /**
   * The same where parts of the calls have breakers of their own. A part opens only where the whole
   * would not: because most other parts are well. From then on until it is closed again its calls
   * are no evidence of the whole, nor of other parts that are closed: it has been blamed, and these
   * are told no more than how much is wanted. Wider parts come first: where a service suffers, its
   * instances need not open.
   */
  public Shared observe(CallSample sample, Map<Scope, Part> parts, long nowMillis) {
    if (parts.isEmpty()) {
      return new Shared(observe(sample, nowMillis), Map.of());
    }
    boolean ofTheWhole = ofThisEpoch(sample, nowMillis);
    long before = epoch;
    boolean kept = parts.values().stream().anyMatch(part -> part.breaker.isKeepingItsCalls());
    if (kept) {
      evidence.hasNoSay(sample.caller(), parts.keySet());
    }
    Observed own =
        kept ? observeDemand(sample, nowMillis) : observe(sample, parts.keySet(), nowMillis);
    boolean shared = ofTheWhole && epoch == before && !kept;
    Map<Scope, Observed> theirs = new EnumMap<>(Scope.class);
    for (Scope scope : Scope.values()) {
      Part part = parts.get(scope);
      if (part != null) {
        theirs.put(
            scope, part.breaker.observePart(sample, part.epoch, this, scope, shared, nowMillis));
        if (shared && part.breaker.isKeepingItsCalls()) {
          shared = false;
          evidence.startWithoutPart();
        }
      }
    }
    return new Shared(own, theirs);
  }

  /**
   * Takes calls of a part.
   *
   * @param shared whether they are evidence of all that they belong to
   */
  private Observed observePart(
      CallSample sample, long ofEpoch, Breaker whole, Scope scope, boolean shared, long nowMillis) {
    evidence.isPartOf(whole.evidence, scope, sample.caller(), whole.course());
    CallSample calls = sample.ofEpoch(ofEpoch);
    return shared || isKeepingItsCalls()
        ? observe(calls, nowMillis)
        : observeDemand(calls, nowMillis);
  }

  /**
   * Takes calls.
   *
   * @param apart what they are judged apart by as well
   */
  private Observed observe(CallSample sample, Set<Scope> apart, long nowMillis) {
    if (sample.calls() == 0 || !ofThisEpoch(sample, nowMillis)) {
      return observeDemand(sample, nowMillis);
    }
    if (!evidence.add(sample, apart, policy, nowMillis, judged() instanceof Closed)) {
      return Observed.LATE;
    }
    Optional<Transition> transition = judge(nowMillis);
    return transition.isPresent() ? new Observed(false, transition) : Observed.COUNTED;
  }

  private Observed observeDemand(CallSample sample, long nowMillis) {
    return evidence.window.addRefusals(sample, nowMillis) ? Observed.COUNTED : Observed.LATE;
  }

  /** Whether what is known of the dependency is that it is not well. */
  private boolean isKeepingItsCalls() {
    return course() != Evidence.Course.WELL;
  }

  private Evidence.Course course() {
    State judged = judged();
    if (judged instanceof Closed || judged instanceof HeldClosed) {
      return Evidence.Course.WELL;
    }
    return judged instanceof Recovering ? Evidence.Course.RECOVERING : Evidence.Course.ILL;
  }

  /**
   * Closes a breaker that nobody will call again, as that of an instance which was stopped: nobody
   * is left to prove the dependency well. A hold in force stays.
   */
  public Optional<Transition> abandon(long nowMillis) {
    boolean held = state instanceof HeldOpen || state instanceof HeldClosed;
    if (held || judged() instanceof Closed) {
      return Optional.empty();
    }
    State closed =
        state instanceof Shadow shadow ? new Shadow(shadow.hold(), Closed.INITIAL) : Closed.INITIAL;
    return changed(closed, "nobody calls any more who is meant by this name", nowMillis);
  }

  /**
   * Takes a symptom that no single call shows, for which the policy opens. Where the breaker is not
   * closed, calls have the say.
   */
  public Optional<Transition> suffer(Symptom symptom, long nowMillis) {
    if (!(judged() instanceof Closed)) {
      return Optional.empty();
    }
    return state
        .onVerdict(new Verdict.Failing(symptom), moment(nowMillis))
        .map(change -> apply(change, nowMillis, Optional.of(symptom), Optional.empty()));
  }

  /** Lets time pass: evidence that waited for the end of a step is judged, and timers fire. */
  public Optional<Transition> tick(long nowMillis) {
    if (!hasTimer()) {
      return Optional.empty();
    }
    Optional<Transition> judged = judged() instanceof Closed ? Optional.empty() : judge(nowMillis);
    return judged.isPresent()
        ? judged
        : state
            .onTick(moment(nowMillis))
            .map(change -> apply(change, nowMillis, Optional.empty(), Optional.empty()));
  }

  /** Whether {@link #tick} can change anything: closed breakers wait for observations only. */
  public boolean hasTimer() {
    return !(judged() instanceof Closed) || state.untilMillis() > 0;
  }

  /**
   * Obeys an operator, unless the command is older than one already obeyed: an override never comes
   * back by being read again. One that is over when it is read ends what an earlier one began, as
   * it would have by then. Where the last command claims to come from the future, some clock is
   * wrong, and the order of arrival counts.
   */
  public Optional<Transition> command(Command command, long nowMillis) {
    long issued = command.issuedAtMillis();
    boolean older = issued < lastCommandMillis && lastCommandMillis <= nowMillis;
    if (older || issued == lastCommandMillis) {
      return Optional.empty();
    }
    lastCommandMillis = issued;
    String reason = command.kind() + " by " + command.who() + ": " + command.why();
    return target(command, nowMillis)
        .map(to -> new State.Change(to, reason))
        .map(change -> apply(change, nowMillis, Optional.empty(), Optional.of(command.who())));
  }

  /**
   * Judges by another policy from now on. State and window stay, and so does the evidence unless
   * the accepted shares are others; the switch between shadow and enforced is a change.
   */
  public Optional<Transition> adopt(BreakerPolicy newer, long nowMillis) {
    if (!newer.equals(policy)) {
      evidence.adopt(policy, newer);
      policy = newer;
    }
    if (policy.enforced() && state instanceof Shadow shadow && shadow.hold() == null) {
      return changed(moment(nowMillis).goingOn(shadow.judged()), "the policy enforces", nowMillis);
    }
    boolean held = state instanceof HeldOpen || state instanceof HeldClosed;
    if (!policy.enforced() && !held && !(state instanceof Shadow)) {
      return changed(
          new Shadow(null, moment(nowMillis).goingOn(state)), "the policy only watches", nowMillis);
    }
    return Optional.empty();
  }

  /**
   * The caller that suffers alone: an instance or a service whose calls are bad while those of all
   * others are well. That is no symptom of the dependency, and opens nothing.
   */
  public Optional<String> soleSufferer() {
    return evidence.blamed().isEmpty() ? Optional.empty() : Optional.of(evidence.blamed());
  }

  /** Who stands out in the trouble of the sole sufferer, the likeliest culprit first. */
  public List<Suspect> suspects(long nowMillis) {
    return evidence.suspects(nowMillis);
  }

  public String id() {
    return id;
  }

  public State state() {
    return state;
  }

  /** How long whoever is refused had better wait; 0 where nobody is. */
  public int retryAfterMillis(long nowMillis) {
    return (int) Math.min(Integer.MAX_VALUE, state.retryAfterMillis(policy, nowMillis));
  }

  /** Number of changes since the breaker was first seen. */
  public long epoch() {
    return epoch;
  }

  /** When the running epoch began, epoch milliseconds. */
  public long sinceMillis() {
    return sinceMillis;
  }

  public BreakerPolicy policy() {
    return policy;
  }

  /**
   * Timeout that leaves a healthy dependency alone, in nanoseconds: as the policy says, from the
   * p99.9 of its healthy calls: generous while those are few, empty until there are enough.
   */
  public Optional<Double> recommendedTimeoutNanos() {
    return evidence.baseline.known()
        ? Optional.of(policy.timeout().nanos(evidence.baseline.longestNanos()))
        : Optional.empty();
  }

  /**
   * Calls that no guard admitted belong to the epoch in which they were made. A breaker that has
   * never changed knows no other epoch. Where the clock was set back, the epoch seems to begin in
   * the future; then what is fresh belongs to it.
   */
  private boolean ofThisEpoch(CallSample sample, long nowMillis) {
    if (sample.epoch() != CallSample.NO_EPOCH) {
      return sample.epoch() == epoch;
    }
    boolean setBack = Moment.clockSetBack(sinceMillis, nowMillis);
    long began = setBack ? nowMillis - Window.CLOCK_SKEW_MILLIS : sinceMillis;
    return epoch == 0 || sample.fromMillis() >= began;
  }

  private Optional<Transition> judge(long nowMillis) {
    Verdict verdict = verdict(nowMillis);
    if (verdict instanceof Verdict.Undecided || verdict instanceof Verdict.Idle) {
      return Optional.empty();
    }
    Optional<Symptom> symptom =
        verdict instanceof Verdict.Failing failing
            ? Optional.of(failing.symptom())
            : Optional.empty();
    return state
        .onVerdict(verdict, moment(nowMillis))
        .map(change -> apply(change, nowMillis, symptom, Optional.empty()));
  }

  private Verdict verdict(long nowMillis) {
    State judged = judged();
    if (judged instanceof Closed) {
      return evidence.excess(policy, nowMillis);
    }
    if (judged instanceof Probing || judged instanceof Recovering) {
      return evidence.recovery(policy, nowMillis);
    }
    return Verdict.UNDECIDED;
  }

  private State judged() {
    return state instanceof Shadow shadow ? shadow.judged() : state;
  }

  private Optional<State> target(Command command, long nowMillis) {
    Moment moment = moment(nowMillis);
    if (command.over(nowMillis)) {
      return state.onRelease(moment);
    }
    State to =
        switch (command.kind()) {
          case HOLD_OPEN -> new HeldOpen(command.hold());
          case HOLD_CLOSED -> new HeldClosed(command.hold());
          case SHADOW -> new Shadow(command.hold(), moment.goingOn(unheld()));
          case RELEASE -> throw new IllegalStateException("RELEASE: never in force");
        };
    return Optional.of(to);
  }

  private State unheld() {
    return state instanceof HeldOpen || state instanceof HeldClosed ? Closed.INITIAL : judged();
  }

  private Optional<Transition> changed(State to, String reason, long nowMillis) {
    return Optional.of(
        apply(new State.Change(to, reason), nowMillis, Optional.empty(), Optional.empty()));
  }

  private Transition apply(
      State.Change change, long nowMillis, Optional<Symptom> symptom, Optional<String> who) {
    long recent = policy.windows().agree().toMillis();
    Window.Totals totals =
        symptom.isPresent()
            ? evidence.window.latest(nowMillis, recent)
            : evidence.window.totals(nowMillis, recent);
    Window.Details details = evidence.window.details();
    Probed probed = evidence.probed();
    State from = state;
    long since = sinceMillis;
    state = change.to();
    epoch++;
    sinceMillis = nowMillis;
    evidence.startEpoch();
    return new Transition(
        epoch,
        from,
        state,
        since,
        nowMillis,
        change.reason(),
        symptom,
        totals,
        probed,
        details,
        who,
        policy.version());
  }

  private Moment moment(long nowMillis) {
    return new Moment(nowMillis, sinceMillis, policy, evidence.window, random());
  }

  /**
   * SplitMix64 over breaker and epoch (Steele, Lea, Flood, "Fast splittable pseudorandom number
   * generators", 2014).
   */
  private double random() {
    long z = id.hashCode() * 0x9E3779B97F4A7C15L + epoch * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
  }
}
