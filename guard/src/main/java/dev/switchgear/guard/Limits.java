package dev.switchgear.guard;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call has to pass behind the breaker: rate limit and bulkhead, as far as there are any.
 * What refuses gives back what an earlier stage took. Takes no lock and allocates nothing but once
 * an epoch. Thread-safe.
 */
final class Limits {

  /** No limit at all. */
  static final Limits NONE = new Limits(null, null, null, null, false, null);

  /** Until a running call may have ended: nobody knows, and a busy client need not hammer. */
  static final Duration FULL_RETRY = Duration.ofMillis(100);

  private final @Nullable RateLimiter rate;
  private final @Nullable ClientLimit clientRate;
  private final @Nullable FleetShare fleet;
  private final @Nullable Bulkhead bulkhead;
  private final boolean critical;

  /** Who keeps the papers: these themselves, or those that they are of one caller. */
  private final Limits keeper;

  /** Of the newest epoch; what a race makes twice is made twice. */
  private @Nullable Papers papers;

  /** A limit for each client, and who the client of a call is. */
  record ClientLimit(ClientRateLimiter limiter, Supplier<String> client) {

    ClientLimit ofCaller() {
      String caller = client.get();
      return new ClientLimit(limiter, () -> caller);
    }
  }

  /** A share of the fleet's limit, and of which tier a call is. */
  record FleetShare(FleetRateLimiter limiter, Supplier<String> tier) {

    TierShare now() {
      return limiter.of(tier.get());
    }

    FleetShare ofCaller() {
      String callers = tier.get();
      return new FleetShare(limiter, () -> callers);
    }
  }

  private Limits(
      @Nullable RateLimiter rate,
      @Nullable ClientLimit clientRate,
      @Nullable FleetShare fleet,
      @Nullable Bulkhead bulkhead,
      boolean critical,
      @Nullable Limits keeper) {
    this.rate = rate;
    this.clientRate = clientRate;
    this.fleet = fleet;
    this.bulkhead = bulkhead;
    this.critical = critical;
    this.keeper = keeper == null ? this : keeper;
  }

  /** Those that are not null. */
  static Limits of(
      @Nullable RateLimiter rate,
      @Nullable ClientLimit clientRate,
      @Nullable FleetShare fleet,
      @Nullable Bulkhead bulkhead,
      boolean critical) {
    boolean none = rate == null && clientRate == null && fleet == null && bulkhead == null;
    return none ? NONE : new Limits(rate, clientRate, fleet, bulkhead, critical, null);
  }

  /** The same for one call, of whose client and tier the calling thread is asked now. */
  Limits ofCaller() {
    return clientRate == null && fleet == null
        ? this
        : new Limits(
            rate,
            clientRate == null ? null : clientRate.ofCaller(),
            fleet == null ? null : fleet.ofCaller(),
            bulkhead,
            critical,
            keeper);
  }

  @Nullable RateLimiter rate() {
    return rate;
  }

  @Nullable ClientLimit clientRate() {
    return clientRate;
  }

  @Nullable FleetShare fleet() {
    return fleet;
  }

  @Nullable Bulkhead bulkhead() {
    return bulkhead;
  }

  /** Whether a limit learns from how long each call takes. */
  boolean learn() {
    return bulkhead != null && bulkhead.isLearned();
  }

  /** What becomes of a call that the breaker admitted: a permit or a refusal. */
  Object pass(Gate gate, Permit admitted) {
    if (rate != null && !rate.take()) {
      admitted.cancelled();
      return Refusal.any(papers(gate, admitted).overRate(rate.quota()));
    }
    if (clientRate != null && !takeOfClient(clientRate, admitted)) {
      admitted.cancelled();
      giveBackRate();
      Refusal.Quota quota = clientRate.limiter().quota();
      return Refusal.any(papers(gate, admitted).overClientRate(quota));
    }
    TierShare spent = fleet == null ? null : spent(fleet, admitted);
    if (spent != null) {
      admitted.cancelled();
      giveBackRates();
      return Refusal.any(papers(gate, admitted).overShare(spent));
    }
    return bulkhead == null ? admitted : enter(gate, admitted, bulkhead);
  }

  /** Undoes the passing of a call that is not made after all. */
  void undo(Permit passed) {
    passed.cancelled();
    if (fleet != null) {
      fleet.now().giveBack();
    }
    giveBackRates();
  }

  private void giveBackRates() {
    giveBackRate();
    if (clientRate != null) {
      clientRate.limiter().giveBack(clientRate.client().get());
    }
  }

  /** Whoever tells the client may fail; then nothing has been taken either. */
  private boolean takeOfClient(ClientLimit limit, Permit admitted) {
    try {
      return limit.limiter().take(limit.client().get());
    } catch (Throwable e) {
      admitted.cancelled();
      giveBackRate();
      throw e;
    }
  }

  /** The share that has nothing left; null if the call took of it. */
  private @Nullable TierShare spent(FleetShare of, Permit admitted) {
    try {
      TierShare share = of.now();
      return share.take() ? null : share;
    } catch (Throwable e) {
      admitted.cancelled();
      giveBackRates();
      throw e;
    }
  }

  private Object enter(Gate gate, Permit admitted, Bulkhead into) {
    Papers of = papers(gate, admitted);
    Slots slots = into.take(critical);
    if (slots == null) {
      undo(admitted);
      return of.full(into);
    }
    return slots == into.common() ? of.common : of.own;
  }

  private void giveBackRate() {
    if (rate != null) {
      rate.giveBack();
    }
  }

  private Papers papers(Gate gate, Permit admitted) {
    Papers known = keeper.papers;
    if (known == null || known.tally != admitted.tally()) {
      known = new Papers(gate.breaker(), admitted.tally(), bulkhead, critical);
      keeper.papers = known;
    }
    return known;
  }

  /** Permits and refusals of one epoch, made once. */
  private static final class Papers {

    private final String breaker;
    final Tally tally;
    final Permit own;
    final Permit common;
    private Refusal @Nullable [] overRate;
    private Refusal @Nullable [] overClientRate;
    private Refusal @Nullable [] full;

    /** One of each tier, of the newest share. */
    private final Map<String, OverShare> overShare = new ConcurrentHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // Never compared, and never changed.
    private record OverShare(TierShare of, Refusal[] refusals) {}

    Papers(String breaker, Tally tally, @Nullable Bulkhead bulkhead, boolean critical) {
      this.breaker = breaker;
      this.tally = tally;
      this.own = new Permit(tally, bulkhead == null ? null : bulkhead.own(critical));
      this.common = new Permit(tally, bulkhead == null ? null : bulkhead.common());
    }

    Refusal[] overRate(Refusal.Quota quota) {
      Refusal[] known = overRate;
      if (known == null) {
        known = Limited.refusal(quota, breaker, tally.epoch()).variants();
        overRate = known;
      }
      return known;
    }

    Refusal[] overClientRate(Refusal.Quota quota) {
      Refusal[] known = overClientRate;
      if (known == null) {
        known = Limited.refusal(quota, breaker, tally.epoch()).variants();
        overClientRate = known;
      }
      return known;
    }

    Refusal[] overShare(TierShare share) {
      OverShare known = overShare.get(share.tier());
      if (known == null || known.of() != share) {
        known = new OverShare(share, share.refusal(breaker, tally.epoch()).variants());
        overShare.put(share.tier(), known);
      }
      return known.refusals();
    }

    Refusal full(Bulkhead bulkhead) {
      Refusal[] known = full;
      if (known == null) {
        String calls = bulkhead.isLearned() ? "as many" : Integer.toString(bulkhead.calls());
        String may = bulkhead.isLearned() ? " are running as may" : " are running";
        String reason = calls + " calls of " + bulkhead.name() + may;
        known =
            new Refusal(Stage.BULKHEAD, breaker, tally.epoch(), reason, FULL_RETRY, List.of(), null)
                .variants();
        full = known;
      }
      return Refusal.any(known);
    }
  }
}
