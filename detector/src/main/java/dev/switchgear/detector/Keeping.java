package dev.switchgear.detector;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.HeldClosed;
import dev.switchgear.breaker.HeldOpen;
import dev.switchgear.breaker.Hold;
import dev.switchgear.breaker.Open;
import dev.switchgear.breaker.Probing;
import dev.switchgear.breaker.Recovering;
import dev.switchgear.breaker.Shadow;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.evidence.ExcessTest;
import dev.switchgear.breaker.evidence.SequenceWindow;
import dev.switchgear.breaker.evidence.Versions;
import dev.switchgear.breaker.evidence.Window;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.detector.state.KeptHold;
import dev.switchgear.detector.state.KeptKind;
import dev.switchgear.detector.state.KeptRun;
import dev.switchgear.detector.state.KeptSender;
import dev.switchgear.detector.state.KeptSlice;
import dev.switchgear.detector.state.KeptState;
import dev.switchgear.detector.state.KeptVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Breakers as they are kept on a changelog, and back. */
final class Keeping {

  private Keeping() {}

  /** What is kept of a breaker. */
  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  static KeptBreaker kept(Judged judged) {
    judged.kept();
    Breaker breaker = judged.breaker();
    Breaker.Snapshot snapshot = breaker.snapshot();
    return KeptBreaker.newBuilder()
        .setState(kept(snapshot.state()))
        .setEpoch(snapshot.epoch())
        .setSinceMillis(snapshot.sinceMillis())
        .setLastCommandMillis(snapshot.lastCommandMillis())
        .setAcceptedErrors(breaker.policy().errors().acceptedShare())
        .setAcceptedSlow(breaker.policy().slowness().acceptedShare())
        .setErrorSums(strengths(snapshot.errorSums()))
        .setSlowSums(strengths(snapshot.slowSums()))
        .setProbedCalls(snapshot.probed().calls())
        .setProbedFailed(snapshot.probed().failed())
        .setProbedSlow(snapshot.probed().slow())
        .setProbedUntimed(snapshot.probed().untimed())
        .setSlices(slices(snapshot.slices(), judged.heardMillis()))
        .setBaseline(Histograms.kept(snapshot.baseline()))
        .setSenders(senders(snapshot.senders()))
        .setReason(judged.reason())
        .setExemplars(judged.exemplars())
        .setTimeoutMillis(judged.timeoutMillis())
        .setHeardMillis(judged.heardMillis())
        .setErrorRuns(runs(snapshot.errorSums()))
        .setSlowRuns(runs(snapshot.slowSums()))
        .setInputs(Arrays.stream(judged.inputs()).boxed().toList())
        .setVersionsSinceMillis(snapshot.versions().sinceMillis())
        .setVersions(snapshot.versions().seen().stream().map(Keeping::kept).toList())
        .build();
  }

  /**
   * The breaker as it was kept. Of the policy it was judged by only the accepted shares matter:
   * they are what its sums mean. Whoever restores it lets it adopt the policy of today.
   */
  static Judged restored(String id, KeptBreaker kept, BreakerPolicy today) {
    Breaker.Snapshot snapshot =
        new Breaker.Snapshot(
            state(kept.getState()),
            kept.getEpoch(),
            kept.getSinceMillis(),
            kept.getLastCommandMillis(),
            sums(kept.getErrorSums(), kept.getErrorRuns(), kept.getHeardMillis()),
            sums(kept.getSlowSums(), kept.getSlowRuns(), kept.getHeardMillis()),
            new Breaker.Probed(
                kept.getProbedCalls(),
                kept.getProbedFailed(),
                kept.getProbedSlow(),
                kept.getProbedUntimed()),
            kept.getSlices().stream().map(Keeping::slice).toList(),
            Histograms.of(kept.getBaseline()),
            senders(kept.getSenders()),
            versions(kept));
    Breaker breaker = Breaker.restore(id, judgedBy(kept, today), snapshot);
    Judged judged =
        new Judged(
            breaker,
            kept.getReason(),
            kept.getExemplars(),
            kept.getTimeoutMillis(),
            kept.getHeardMillis());
    kept.getInputs().forEach(offset -> judged.heard(offset, kept.getHeardMillis()));
    return judged;
  }

  private static List<Double> strengths(List<ExcessTest.Sum> sums) {
    return sums.stream().map(ExcessTest.Sum::strength).toList();
  }

  private static List<KeptRun> runs(List<ExcessTest.Sum> sums) {
    return sums.stream().map(Keeping::run).toList();
  }

  private static KeptRun run(ExcessTest.Sum sum) {
    return new KeptRun(sum.calls(), sum.bad(), sum.sinceMillis(), sum.twice());
  }

  /** What 0.1 kept does not say which calls its sums are of; they are counted from then on. */
  private static List<ExcessTest.Sum> sums(
      List<Double> strengths, List<KeptRun> runs, long heardMillis) {
    boolean known = runs.size() == strengths.size();
    KeptRun unknown = new KeptRun(0L, 0L, heardMillis, 0L);
    List<ExcessTest.Sum> sums = new ArrayList<>();
    for (int i = 0; i < strengths.size(); i++) {
      KeptRun run = known ? runs.get(i) : unknown;
      sums.add(
          new ExcessTest.Sum(
              strengths.get(i),
              run.getCalls(),
              run.getBad(),
              run.getTwice(),
              run.getSinceMillis()));
    }
    return sums;
  }

  private static BreakerPolicy judgedBy(KeptBreaker kept, BreakerPolicy today) {
    return today.withAcceptedShares(kept.getAcceptedErrors(), kept.getAcceptedSlow());
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private static KeptState kept(State state) {
    KeptState.Builder kept = KeptState.newBuilder();
    if (state instanceof Closed closed) {
      kept.setKind(KeptKind.CLOSED)
          .setAtMillis(closed.sinceMillis())
          .setFailedRecoveries(closed.failedRecoveries());
    } else if (state instanceof Open open) {
      kept.setKind(KeptKind.OPEN)
          .setAtMillis(open.untilMillis())
          .setFailedRecoveries(open.failedRecoveries());
    } else if (state instanceof Probing probing) {
      kept.setKind(KeptKind.PROBING)
          .setAtMillis(probing.rearmMillis())
          .setAdmittedShare(probing.admittedShare())
          .setFailedRecoveries(probing.failedRecoveries());
    } else if (state instanceof Recovering recovering) {
      kept.setKind(KeptKind.RECOVERING)
          .setAtMillis(recovering.untilMillis())
          .setStep(recovering.step())
          .setAdmittedShare(recovering.admittedShare())
          .setFailedRecoveries(recovering.failedRecoveries());
    } else if (state instanceof HeldOpen held) {
      kept.setKind(KeptKind.HELD_OPEN).setHold(kept(held.hold()));
    } else if (state instanceof HeldClosed held) {
      kept.setKind(KeptKind.HELD_CLOSED).setHold(kept(held.hold()));
    } else if (state instanceof Shadow shadow) {
      kept.setKind(KeptKind.SHADOW).setHold(kept(shadow.hold())).setJudged(kept(shadow.judged()));
    }
    return kept.build();
  }

  private static State state(KeptState kept) {
    return switch (kept.getKind()) {
      case CLOSED -> new Closed(kept.getAtMillis(), kept.getFailedRecoveries());
      case OPEN -> new Open(kept.getAtMillis(), kept.getFailedRecoveries());
      case PROBING ->
          new Probing(kept.getAdmittedShare(), kept.getAtMillis(), kept.getFailedRecoveries());
      case RECOVERING ->
          new Recovering(
              kept.getStep(),
              kept.getAdmittedShare(),
              kept.getAtMillis(),
              kept.getFailedRecoveries());
      case HELD_OPEN -> new HeldOpen(hold(kept.getHold()));
      case HELD_CLOSED -> new HeldClosed(hold(kept.getHold()));
      case SHADOW ->
          new Shadow(kept.getHold() == null ? null : hold(kept.getHold()), state(kept.getJudged()));
      case UNKNOWN -> throw new IllegalStateException("Kept by a newer detector: " + kept);
    };
  }

  private static @Nullable KeptHold kept(@Nullable Hold hold) {
    return hold == null ? null : new KeptHold(hold.who(), hold.why(), hold.untilMillis());
  }

  private static Hold hold(KeptHold kept) {
    return new Hold(kept.getWho(), kept.getWhy(), kept.getUntilMillis());
  }

  /** What has left the window is of no use to anybody. */
  private static List<KeptSlice> slices(List<Window.Slice> slices, long heardMillis) {
    long oldest = Math.floorDiv(heardMillis, Window.SLICE_MILLIS) - Window.SLICES;
    return slices.stream().filter(slice -> slice.index() > oldest).map(Keeping::kept).toList();
  }

  private static KeptSlice kept(Window.Slice slice) {
    Window.Totals totals = slice.totals();
    return new KeptSlice(
        slice.index(),
        totals.calls(),
        totals.errors(),
        totals.slow(),
        totals.refusals(),
        totals.untimed());
  }

  private static Window.Slice slice(KeptSlice kept) {
    return new Window.Slice(
        kept.getSecond(),
        new Window.Totals(
            kept.getCalls(),
            kept.getErrors(),
            kept.getSlow(),
            kept.getRefusals(),
            kept.getUntimed()));
  }

  private static KeptVersion kept(Versions.Seen version) {
    return new KeptVersion(version.name(), version.firstSeenMillis());
  }

  private static Versions.Snapshot versions(KeptBreaker kept) {
    return new Versions.Snapshot(
        kept.getVersionsSinceMillis(),
        kept.getVersions().stream()
            .map(each -> new Versions.Seen(each.getName(), each.getFirstSeenMillis()))
            .toList());
  }

  private static List<KeptSender> senders(Map<String, SequenceWindow> senders) {
    return senders.entrySet().stream().map(Keeping::kept).toList();
  }

  private static KeptSender kept(Map.Entry<String, SequenceWindow> sender) {
    SequenceWindow window = sender.getValue();
    return new KeptSender(sender.getKey(), window.incarnation(), window.highest(), window.seen());
  }

  private static Map<String, SequenceWindow> senders(List<KeptSender> kept) {
    Map<String, SequenceWindow> senders = new LinkedHashMap<>();
    for (KeptSender each : kept) {
      senders.put(
          each.getName(),
          new SequenceWindow(each.getIncarnation(), each.getHighest(), each.getSeen()));
    }
    return senders;
  }
}
