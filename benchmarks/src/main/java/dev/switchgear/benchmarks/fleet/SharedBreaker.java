package dev.switchgear.benchmarks.fleet;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Switchgear's breaker. As in the guard lane, each instance reports the sum of its calls every 250
 * ms, at a phase of its own and by the epoch that admitted them, and lets through the share that
 * was last told to it.
 */
final class SharedBreaker implements Protection {

  private static final long REPORT_MILLIS = 250;
  private static final long TICK_MILLIS = 100;

  /** The brain takes time as dates; this is some Monday. */
  private static final long START = 1_767_571_200_000L;

  private final Outage outage;
  private final Agenda agenda;
  private final SplittableRandom random;
  private final Breaker breaker;
  private final Guard[] guards;

  /** What every guard obeys. */
  private int share = State.FULL_SHARE;

  private long epoch;

  SharedBreaker(Outage outage, BreakerPolicy policy, Agenda agenda) {
    this.outage = outage;
    this.agenda = agenda;
    this.random = new SplittableRandom(~outage.seed());
    this.breaker = new Breaker("payments/charge@" + outage.seed(), policy, now());
    this.guards = new Guard[outage.instances()];
    for (int i = 0; i < guards.length; i++) {
      guards[i] = new Guard("checkout-" + i, random.nextLong(REPORT_MILLIS));
    }
    agenda.every(TICK_MILLIS, TICK_MILLIS, outage.endsAtMillis(), this::tick);
  }

  @Override
  public long admit(int instance) {
    boolean admitted = share == State.FULL_SHARE || random.nextInt(State.FULL_SHARE) < share;
    if (!admitted) {
      guards[instance].tally(epoch).refused++;
    }
    return admitted ? epoch : REFUSED;
  }

  @Override
  public void ended(int instance, long ticket, boolean failed, long millis) {
    Tally tally = guards[instance].tally(ticket);
    tally.calls++;
    tally.failed += failed ? 1 : 0;
    tally.latencyNanos.record(millis * 1e6, 1);
  }

  @Override
  public int free() {
    return share == State.FULL_SHARE ? guards.length : 0;
  }

  private long now() {
    return START + agenda.nowMillis();
  }

  private void tick() {
    breaker.tick(now()).ifPresent(change -> tell(change.to(), change.epoch()));
  }

  private void observe(CallSample sample) {
    breaker
        .observe(sample, now())
        .transition()
        .ifPresent(change -> tell(change.to(), change.epoch()));
  }

  private void tell(State state, long newEpoch) {
    agenda.in(outage.delayMillis(), () -> obey(state, newEpoch));
  }

  private void obey(State state, long newEpoch) {
    share = state.admittedShare();
    epoch = newEpoch;
  }

  /** Calls of one epoch that are not yet reported. */
  private static final class Tally {
    private final ExponentialHistogram latencyNanos = ExponentialHistogram.empty();
    private long calls;
    private long failed;
    private long refused;
  }

  /** What one instance counts. */
  private final class Guard {

    private final Map<Long, Tally> tallies = new LinkedHashMap<>();
    private final String instance;
    private final long phaseMillis;

    Guard(String instance, long phaseMillis) {
      this.instance = instance;
      this.phaseMillis = phaseMillis;
    }

    /** Where there is nothing to report, no report is due. */
    Tally tally(long ofEpoch) {
      if (tallies.isEmpty()) {
        agenda.in(untilReport(), this::report);
      }
      return tallies.computeIfAbsent(ofEpoch, each -> new Tally());
    }

    private long untilReport() {
      return REPORT_MILLIS - Math.floorMod(agenda.nowMillis() - phaseMillis, REPORT_MILLIS);
    }

    private void report() {
      tallies.forEach((ofEpoch, tally) -> observe(sample(ofEpoch, tally)));
      tallies.clear();
    }

    private CallSample sample(long ofEpoch, Tally tally) {
      return new CallSample(
          "checkout",
          instance,
          now() - REPORT_MILLIS,
          now(),
          ofEpoch,
          tally.calls,
          tally.failed == 0 ? Map.of() : Map.of(outage.fault().errorType, tally.failed),
          tally.refused,
          tally.latencyNanos,
          List.of());
    }
  }
}
