package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.Breakdown;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.Callers;
import dev.switchgear.breaker.evidence.Dimension;
import dev.switchgear.breaker.evidence.ExcessTest;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.evidence.LatencyBaseline;
import dev.switchgear.breaker.evidence.RecoveryTest;
import dev.switchgear.breaker.evidence.Suspect;
import dev.switchgear.breaker.evidence.TimedCalls;
import dev.switchgear.breaker.evidence.Versions;
import dev.switchgear.breaker.evidence.Window;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of one breaker: its window, its baseline, and the tests of the running epoch. The
 * tests start anew with each epoch; the window and the baseline go on.
 */
final class Evidence {

  private static final double SECONDS_PER_DAY = 86_400;

  /** Below this part of what an alarm takes, nothing points to a symptom. */
  private static final double CALM = 0.25;

  final Window window = new Window();
  private final Callers callers = new Callers();
  private final TimedCalls timedCalls = new TimedCalls();
  LatencyBaseline baseline = new LatencyBaseline(ExponentialHistogram.empty());
  ExcessTest errorExcess;
  ExcessTest slowExcess;
  RecoveryTest errorRecovery;
  RecoveryTest slowRecovery;

  /** Whose calls the probes of this epoch are; not kept where no probes are looked at. */
  private final Breakdown failedProbes = new Breakdown();

  private final Breakdown slowProbes = new Breakdown();

  private String blamed = "";
  private @Nullable Symptom suspected;

  /** By what the calls are judged apart. */
  private Set<Dimension> apart;

  /** What this is a part of; null where it is none. */
  private @Nullable Whole whole;

  /** How the whole was when it was asked last. */
  private Course wholeWas = Course.WELL;

  /** Where a breaker is on its way from an outage. */
  enum Course {
    WELL,
    ILL,
    RECOVERING
  }

  /** The evidence of all calls, and which part of it this is. */
  private record Whole(Evidence evidence, Dimension dimension, String part) {}

  /** No alarm is due below this strength, however low demand is. */
  private double leastStrength;

  Evidence(BreakerPolicy policy) {
    double errors = policy.errors().acceptedShare();
    double slow = policy.slowness().acceptedShare();
    errorExcess = new ExcessTest(errors);
    slowExcess = new ExcessTest(slow);
    errorRecovery = new RecoveryTest(errors);
    slowRecovery = new RecoveryTest(slow);
    leastStrength = errorExcess.strengthWanted(0, policy.falseTripsPerDay());
    apart = dimensions(policy.split());
  }

  private static Set<Dimension> dimensions(Set<Scope> scopes) {
    if (scopes.isEmpty()) {
      return Set.of();
    }
    Set<Dimension> dimensions = EnumSet.noneOf(Dimension.class);
    scopes.forEach(scope -> dimensions.add(dimension(scope)));
    return dimensions;
  }

  private static Dimension dimension(Scope scope) {
    return switch (scope) {
      case REGION -> Dimension.REGION;
      case CALLER -> Dimension.SERVICE;
      case INSTANCE -> Dimension.INSTANCE;
    };
  }

  /**
   * From now on this is the part of the whole to which such a caller belongs. What it gathered in
   * an outage of all is no evidence against it alone once the others are better; but what it
   * gathers while it keeps the whole from getting better is.
   */
  void isPartOf(Evidence all, Scope scope, Caller caller, Course wholeIs) {
    Dimension dimension = dimension(scope);
    whole = new Whole(all, dimension, String.valueOf(dimension.value(caller)));
    boolean relapse = wholeWas == Course.RECOVERING && wholeIs == Course.ILL;
    if (wholeIs != wholeWas && !relapse) {
      errorExcess.reset();
      slowExcess.reset();
    }
    wholeWas = wholeIs;
  }

  /** A part judges its calls alone from now on: what they showed is no evidence of the others. */
  void startWithoutPart() {
    errorExcess.reset();
    slowExcess.reset();
    errorRecovery.reset();
    slowRecovery.reset();
    failedProbes.clear();
    slowProbes.clear();
  }

  /** The caller's calls are judged by a part alone, so it has no say in what is left. */
  void hasNoSay(Caller caller, Set<Scope> parts) {
    parts.forEach(scope -> callers.leaves(dimension(scope), caller));
  }

  /** Judges by another policy from now on. */
  void adopt(BreakerPolicy older, BreakerPolicy newer) {
    Evidence fresh = new Evidence(newer);
    leastStrength = fresh.leastStrength;
    apart = fresh.apart;
    boolean sameShares =
        older.errors().acceptedShare() == newer.errors().acceptedShare()
            && older.slowness().acceptedShare() == newer.slowness().acceptedShare();
    if (!sameShares) {
      errorExcess = fresh.errorExcess;
      slowExcess = fresh.slowExcess;
      errorRecovery = fresh.errorRecovery;
      slowRecovery = fresh.slowRecovery;
    }
  }

  void startEpoch() {
    errorExcess.reset();
    slowExcess.reset();
    errorRecovery.reset();
    slowRecovery.reset();
    window.forgetDetails();
    callers.clear();
    timedCalls.clear();
    failedProbes.clear();
    slowProbes.clear();
    blamed = "";
  }

  /** When which version of a caller was seen first. */
  Versions versions() {
    return callers.versions();
  }

  /**
   * Takes a sample of the running epoch.
   *
   * @param parts by what its calls have a breaker of their own as well
   * @param wellNow whether the breaker is closed: a healthy sample may teach the baseline, and no
   *     sample is of probes
   * @return false if it is older than the window, and was left out
   */
  boolean add(
      CallSample sample, Set<Scope> parts, BreakerPolicy policy, long nowMillis, boolean wellNow) {
    long failed = failures(sample, policy);
    long twice = twice(sample, policy);
    long counted = Math.min(sample.calls(), failed + twice);
    long slow = slowCalls(sample, policy);
    TimedCalls.Counts timed = timedCalls.of(sample, slow, nowMillis);
    if (!window.add(sample, counted, timed, nowMillis)) {
      return false;
    }
    if (wellNow && calm() && healthy(sample, counted, slow, policy)) {
      baseline.learn(sample.latencyNanos());
    }
    callers.heard(sample, counted, timed, dimensions(parts), nowMillis);
    long from = began(sample, nowMillis);
    errorExcess.add(sample.calls(), failed, twice, from, sample.caller());
    slowExcess.add(timed.calls(), timed.slow(), 0, from, sample.caller());
    if (!wellNow) {
      failedProbes.add(sample.caller(), sample.calls(), failed);
      slowProbes.add(sample.caller(), timed.calls(), timed.slow());
    }
    errorRecovery.add(sample.calls(), failed);
    slowRecovery.add(timed.calls(), timed.slow());
    return true;
  }

  /** When the sample's calls began, as far as its sender's clock can be believed. */
  private static long began(CallSample sample, long nowMillis) {
    long oldest = nowMillis - Window.SLICES * (long) Window.SLICE_MILLIS;
    return Math.max(oldest, Math.min(nowMillis, sample.fromMillis()));
  }

  /** The verdict on traffic that passes freely. */
  Verdict excess(BreakerPolicy policy, long nowMillis) {
    blamed = "";
    if (Math.max(errorExcess.strength(), slowExcess.strength()) < leastStrength) {
      return Verdict.UNDECIDED;
    }
    Window.Totals recent = window.latest(nowMillis, policy.windows().agree().toMillis());
    Symptom errors =
        symptom(
            Symptom.Kind.ERRORS, errorExcess, recent.calls(), recent.errors(), policy, nowMillis);
    if (errors.isProven() && everybodySuffers(errors, policy, nowMillis)) {
      return failing(errors, policy, nowMillis);
    }
    Symptom slowness =
        symptom(
            Symptom.Kind.SLOWNESS, slowExcess, recent.timed(), recent.slow(), policy, nowMillis);
    return slowness.isProven() && everybodySuffers(slowness, policy, nowMillis)
        ? failing(slowness, policy, nowMillis)
        : Verdict.UNDECIDED;
  }

  /** Whose trouble it is, where it is one caller's; else empty. */
  String blamed() {
    return blamed;
  }

  /** Who stands out in a symptom that is one caller's trouble. */
  List<Suspect> suspects(long nowMillis) {
    Symptom symptom = suspected;
    return blamed.isEmpty() || symptom == null ? List.of() : suspects(symptom, nowMillis);
  }

  private boolean everybodySuffers(Symptom symptom, BreakerPolicy policy, long nowMillis) {
    boolean slowness = symptom.kind() == Symptom.Kind.SLOWNESS;
    long since = since(symptom, nowMillis);
    Breakdown whose = callersOf(symptom);
    Callers.Blame blame = callers.blame(slowness, symptom.acceptedShare(), since, whose, nowMillis);
    if (blame instanceof Callers.OneCaller one) {
      blamed = one.name();
      suspected = symptom;
    }
    return blame instanceof Callers.Dependency
        && isWhereItIsFelt(symptom, policy, since, nowMillis);
  }

  /**
   * The breaker that opens is the narrowest that holds the evidence: all calls' only where most of
   * their parts suffer, and a part's only where most do not, or where the parts that suffer make so
   * few of the calls that nothing points to all.
   */
  private boolean isWhereItIsFelt(
      Symptom symptom, BreakerPolicy policy, long sinceMillis, long nowMillis) {
    Whole of = whole;
    if (of != null) {
      Callers.Blame blame =
          of.evidence().blameParts(of.dimension(), of.part(), symptom, sinceMillis, nowMillis);
      return blame instanceof Callers.SomeParts
          || (blame instanceof Callers.Dependency
              && of.evidence().isWellLately(symptom, policy, nowMillis));
    }
    for (Dimension dimension : apart) {
      Callers.Blame blame = blameParts(dimension, "", symptom, sinceMillis, nowMillis);
      if (!(blame instanceof Callers.Dependency)) {
        return false;
      }
    }
    return true;
  }

  private boolean isWellLately(Symptom symptom, BreakerPolicy policy, long nowMillis) {
    Window.Totals recent = window.latest(nowMillis, policy.windows().agree().toMillis());
    return symptom.kind() == Symptom.Kind.SLOWNESS
        ? recent.slow() <= symptom.acceptedShare() * recent.timed()
        : recent.errors() <= symptom.acceptedShare() * recent.calls();
  }

  private Callers.Blame blameParts(
      Dimension dimension, String proven, Symptom symptom, long sinceMillis, long nowMillis) {
    return callers.blameParts(
        dimension,
        proven,
        symptom.kind() == Symptom.Kind.SLOWNESS,
        symptom.acceptedShare(),
        sinceMillis,
        callersOf(symptom),
        nowMillis);
  }

  /**
   * The stretch that goes back furthest is looked at: what proves a symptom may be a single report,
   * by which nobody can be compared with anybody.
   */
  private List<Suspect> suspects(Symptom symptom, long nowMillis) {
    boolean slowness = symptom.kind() == Symptom.Kind.SLOWNESS;
    boolean probes = symptom.test() instanceof Symptom.Recovery;
    ExcessTest test = slowness ? slowExcess : errorExcess;
    long since = probes ? nowMillis : test.longest().sinceMillis();
    return callers.suspects(slowness, symptom.acceptedShare(), since, callersOf(symptom));
  }

  private static long since(Symptom symptom, long nowMillis) {
    return symptom.test() instanceof Symptom.Excess excess ? excess.sinceMillis() : nowMillis;
  }

  /** Whose calls are evidence of such a symptom. */
  private Breakdown callersOf(Symptom symptom) {
    boolean slowness = symptom.kind() == Symptom.Kind.SLOWNESS;
    if (symptom.test() instanceof Symptom.Recovery) {
      return slowness ? slowProbes : failedProbes;
    }
    return slowness ? slowExcess.callers() : errorExcess.callers();
  }

  /**
   * The verdict on a dependency that was ill. A few calls decide; but after many good ones it would
   * take as many bad ones to say ill, so the test of an excess, which forgets, watches as well.
   */
  Verdict recovery(BreakerPolicy policy, long nowMillis) {
    long calls = errorRecovery.calls();
    if (calls == 0) {
      return Verdict.IDLE;
    }
    if (errorRecovery.ill()) {
      return failing(Symptom.Kind.ERRORS, errorRecovery, policy, nowMillis);
    }
    if (slowRecovery.ill()) {
      return failing(Symptom.Kind.SLOWNESS, slowRecovery, policy, nowMillis);
    }
    Verdict excess = excess(policy, nowMillis);
    if (excess instanceof Verdict.Failing) {
      return excess;
    }
    long bad = Math.max(errorRecovery.bad(), slowRecovery.bad());
    if (errorRecovery.well() && slowRecovery.well()) {
      return new Verdict.Healthy(calls, bad);
    }
    if (errorRecovery.leansIll() || slowRecovery.leansIll()) {
      return new Verdict.LeaningIll(calls, bad);
    }
    return Verdict.UNDECIDED;
  }

  /** What the tests of recovery have seen in this epoch. */
  Breaker.Probed probed() {
    return new Breaker.Probed(
        errorRecovery.calls(),
        errorRecovery.bad(),
        slowRecovery.bad(),
        errorRecovery.calls() - slowRecovery.calls());
  }

  /** Nothing points to a symptom: what is seen now is what normal looks like. */
  private boolean calm() {
    double strength = Math.max(errorExcess.strength(), slowExcess.strength());
    return strength < CALM * leastStrength;
  }

  private static boolean healthy(CallSample sample, long failed, long slow, BreakerPolicy policy) {
    return failed <= policy.errors().acceptedShare() * sample.calls()
        && slow <= policy.slowness().acceptedShare() * sample.timed();
  }

  private Symptom symptom(
      Symptom.Kind kind,
      ExcessTest test,
      long recentCalls,
      long recentBad,
      BreakerPolicy policy,
      long nowMillis) {
    ExcessTest.Sum strongest = test.strongest();
    double callsPerDay = window.demandPerSecond(nowMillis) * SECONDS_PER_DAY;
    double falseTrips = policy.falseTripsPerDay();
    return new Symptom(
        kind,
        strongest.calls(),
        strongest.bad(),
        accepted(kind, policy),
        strongest.strength(),
        test.strengthWanted(callsPerDay, falseTrips),
        "",
        List.of(),
        new Symptom.Excess(
            strongest.sinceMillis(),
            nowMillis,
            strongest.twice(),
            recentCalls,
            recentBad,
            callsPerDay,
            falseTrips));
  }

  private Verdict failing(
      Symptom.Kind kind, RecoveryTest test, BreakerPolicy policy, long nowMillis) {
    return failing(
        new Symptom(
            kind,
            test.calls(),
            test.bad(),
            accepted(kind, policy),
            test.logOdds(),
            RecoveryTest.DECIDED,
            "",
            List.of(),
            new Symptom.Recovery()),
        policy,
        nowMillis);
  }

  private Verdict failing(Symptom symptom, BreakerPolicy policy, long nowMillis) {
    List<Suspect> suspects = suspects(symptom, nowMillis);
    String detail = detail(symptom.kind(), policy);
    String who = suspects.isEmpty() ? "" : suspects.get(0).describe(nowMillis);
    String both = detail.isEmpty() || who.isEmpty() ? detail + who : detail + "; " + who;
    return new Verdict.Failing(symptom.with(both, suspects));
  }

  private static double accepted(Symptom.Kind kind, BreakerPolicy policy) {
    return kind == Symptom.Kind.ERRORS
        ? policy.errors().acceptedShare()
        : policy.slowness().acceptedShare();
  }

  private String detail(Symptom.Kind kind, BreakerPolicy policy) {
    Window.Details details = window.details();
    if (kind == Symptom.Kind.SLOWNESS) {
      return String.format(Locale.ROOT, "p99 %.0f ms", details.latencyNanos().quantile(0.99) / 1e6);
    }
    return details.errors().entrySet().stream()
        .filter(error -> !policy.errors().ignores(error.getKey()))
        .max(Map.Entry.comparingByValue())
        .map(most -> "mostly " + named(most.getKey(), policy))
        .orElse("");
  }

  private static String named(String errorType, BreakerPolicy policy) {
    return policy.errors().doubles(errorType) ? errorType + ", counted twice" : errorType;
  }

  /** The threshold of what is slow is worked out only where some call is above its floor. */
  private long slowCalls(CallSample sample, BreakerPolicy policy) {
    double floor = policy.slowness().floor().toNanos();
    long aboveFloor = sample.latencyNanos().countAbove(floor);
    if (aboveFloor == 0 || policy.slowness().timesBaseline() == 0) {
      return aboveFloor;
    }
    if (!baseline.known()) {
      return 0;
    }
    double far = policy.slowness().timesBaseline() * baseline.quantileNanos(0.99);
    return far <= floor ? aboveFloor : sample.latencyNanos().countAbove(far);
  }

  private static long failures(CallSample sample, BreakerPolicy policy) {
    long failed = 0;
    for (Map.Entry<String, Long> error : sample.errors().entrySet()) {
      if (!policy.errors().ignores(error.getKey())) {
        failed += error.getValue();
      }
    }
    return failed;
  }

  /** Those of the failures that count once more. */
  private static long twice(CallSample sample, BreakerPolicy policy) {
    long twice = 0;
    for (Map.Entry<String, Long> error : sample.errors().entrySet()) {
      String type = error.getKey();
      if (policy.errors().doubles(type) && !policy.errors().ignores(type)) {
        twice += error.getValue();
      }
    }
    return twice;
  }
}
