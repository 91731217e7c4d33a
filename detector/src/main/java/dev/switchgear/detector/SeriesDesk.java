package dev.switchgear.detector;

import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.policy.Watched;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesEvent;
import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.state.KeptSeries;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.SymptomState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches for the symptoms that no single call shows: calls that no longer come, and services that
 * are at their limit. It needs no calls to do so; time is enough. What cannot be seen is taken for
 * nothing at all. One thread uses it.
 */
final class SeriesDesk {

  /** Series of one partition: each takes up to thirty kilobytes, a week of half hours included. */
  static final int MOST = 2_000;

  /** While nothing is suspected, losing a minute of a healthy past loses nothing. */
  private static final long KEPT_EVERY_MILLIS = 60_000;

  /** With every look at the calls, but not twice. */
  private static final long LEVELS_EVERY_MILLIS = 9_000;

  private static final long RETIRED_AFTER_MILLIS = Duration.ofDays(1).toMillis();

  /** So many breakers do not fall silent in one moment, unless it is we who do not hear. */
  private static final int NOT_BY_CHANCE = 3;

  private static final List<Symptom.Kind> KINDS =
      List.of(
          Symptom.Kind.THROUGHPUT_DROP,
          Symptom.Kind.SILENCE,
          Symptom.Kind.SATURATION,
          Symptom.Kind.QUEUE_GROWTH);

  private final WriteBehindStore<KeptSeries> store;
  private final Breakers breakers;
  private final FeltSymptoms felt;
  private final RunningPolicies policies;
  private final Sight sight;
  private final Runnable unwatched;
  private final Map<String, LiveSeries> live = new HashMap<>();
  private long dueMillis = Long.MAX_VALUE;
  private long levelsMillis;

  /** What was found of the calls of one breaker. */
  private record Look(LiveSeries series, long endMillis, CallRate.Found found) {}

  /**
   * Nothing is watched yet.
   *
   * @param unwatched told of each observation and level that is beyond the limit
   */
  SeriesDesk(
      WriteBehindStore<KeptSeries> store,
      Breakers breakers,
      FeltSymptoms felt,
      RunningPolicies policies,
      Sight sight,
      Runnable unwatched) {
    this.store = store;
    this.breakers = breakers;
    this.felt = felt;
    this.policies = policies;
    this.sight = sight;
    this.unwatched = unwatched;
  }

  /** Goes on where the partition was left; what can no longer be told from usual is over. */
  void wake(long nowMillis) {
    live.clear();
    store.forEachKept(
        (id, kept) ->
            live.put(id, new LiveSeries(id, policies.book().policyOf(id), kept, nowMillis)));
    for (SymptomState each : felt.all()) {
      LiveSeries series = live.get(each.getBreaker());
      for (Symptom.Kind kind : KINDS) {
        boolean ill = series != null && series.judge().ill(kind);
        if (Bulletin.kind(kind) == each.getKind() && !ill) {
          felt.ended(each.getBreaker(), each.getKind(), nowMillis, nowMillis);
        }
      }
    }
    dueMillis = nowMillis;
  }

  /** Calls were made. */
  void observed(String id, Lane lane, CallSample sample, long nowMillis) {
    long delay = CallRate.delayMillis(lane, sample);
    sight.told(sample.instance(), sample.toMillis(), delay, nowMillis);
    LiveSeries series = series(id, nowMillis);
    if (series != null) {
      series.heard(nowMillis);
      series.rate().add(sample, delay, nowMillis);
    }
  }

  /** A partition of metrics knows how busy a service is. */
  void levels(ServiceLevels known, long nowMillis) {
    LiveSeries series = series(known.getService(), nowMillis);
    if (series != null) {
      series.heard(nowMillis);
      series.take(known);
    }
  }

  /** Whether {@link #pass} has anything to look at. */
  boolean isDue(long nowMillis) {
    return nowMillis >= dueMillis;
  }

  /** Looks at what is due. */
  void pass(long nowMillis) {
    if (!isDue(nowMillis)) {
      return;
    }
    sight.look(nowMillis);
    lookAtCalls(nowMillis);
    if (Math.abs(nowMillis - levelsMillis) >= LEVELS_EVERY_MILLIS) {
      levelsMillis = nowMillis;
      List.copyOf(live.values()).forEach(each -> lookAtLevels(each, nowMillis));
    }
    dueMillis = nextDueMillis();
  }

  private @Nullable LiveSeries series(String id, long nowMillis) {
    LiveSeries known = live.get(id);
    if (known == null && live.size() >= MOST) {
      unwatched.run();
      return null;
    }
    if (known == null) {
      known = new LiveSeries(id, policies.book().policyOf(id), nowMillis);
      live.put(id, known);
      dueMillis = Math.min(dueMillis, known.rate().dueMillis());
    }
    return known;
  }

  private void lookAtCalls(long nowMillis) {
    boolean lagging = sight.lagging(nowMillis);
    List<Look> looks = new ArrayList<>();
    for (LiveSeries each : live.values()) {
      CallRate rate = each.rate();
      if (lagging || rate.missed(nowMillis)) {
        rate.skipTo(nowMillis);
      }
      if (rate.dueMillis() <= nowMillis) {
        looks.add(new Look(each, rate.endMillis(), rate.look(sight)));
      }
    }
    boolean deaf = deaf(looks);
    for (Look look : looks) {
      look.series().follow(policies.book().policyOf(look.series().id()));
      judge(look, !deaf && !lagging, nowMillis);
    }
  }

  /** Whether nothing is heard of any of those, and they are many, that are usually called. */
  private static boolean deaf(List<Look> looks) {
    List<CallRate.Found> called =
        looks.stream().map(Look::found).filter(found -> found.usualPerSecond() > 0).toList();
    return called.size() >= NOT_BY_CHANCE
        && called.stream().noneMatch(found -> found.perSecond() > 0);
  }

  private void judge(Look look, boolean hearing, long nowMillis) {
    LiveSeries series = look.series();
    Watched watched = series.policy().watched();
    List<SeriesEvent> events = new ArrayList<>();
    if (look.found().callersLeft()) {
      events.addAll(series.judge().forget(Measure.CALLS_PER_SECOND, nowMillis));
    }
    double perSecond = look.found().perSecond();
    boolean wanted = watched.throughput().watched() || watched.silence().watched();
    if (hearing && wanted && !Double.isNaN(perSecond)) {
      Map<Measure, Double> rate = Map.of(Measure.CALLS_PER_SECOND, perSecond);
      events.addAll(series.judge().take(new SeriesSample(look.endMillis(), rate)));
    }
    happened(series, events, nowMillis);
  }

  private void lookAtLevels(LiveSeries series, long nowMillis) {
    series.follow(policies.book().policyOf(series.id()));
    List<SeriesEvent> events = new ArrayList<>();
    for (Measure gone : series.gone(nowMillis)) {
      events.addAll(series.judge().forget(gone, nowMillis));
    }
    Map<Measure, Double> levels = series.levels(nowMillis);
    if (!levels.isEmpty()) {
      events.addAll(series.judge().take(new SeriesSample(nowMillis, levels)));
    }
    happened(series, events, nowMillis);
    if (nowMillis - series.heardMillis() > RETIRED_AFTER_MILLIS && series.judge().calm()) {
      live.remove(series.id());
      store.removed(series.id());
    }
  }

  private void happened(LiveSeries series, List<SeriesEvent> events, long nowMillis) {
    for (SeriesEvent event : events) {
      if (event instanceof SeriesEvent.Began began && isWatched(series, began.kind())) {
        felt.began(SeriesSymptoms.of(series, began));
      } else if (event instanceof SeriesEvent.Ended ended) {
        felt.ended(series.id(), Bulletin.kind(ended.kind()), ended.untilMillis(), nowMillis);
      }
    }
    for (Symptom.Kind kind : KINDS) {
      actOn(series, kind, nowMillis);
    }
    boolean due = nowMillis - series.keptMillis() >= KEPT_EVERY_MILLIS;
    if (due || !events.isEmpty() || !series.judge().calm()) {
      store.changed(series.id(), () -> series.kept(nowMillis));
    }
  }

  private void actOn(LiveSeries series, Symptom.Kind kind, long nowMillis) {
    SymptomState symptom = felt.felt(series.id(), Bulletin.kind(kind));
    if (symptom == null) {
      return;
    }
    if (!isWatched(series, kind)) {
      felt.ended(series.id(), symptom.getKind(), nowMillis, nowMillis);
    } else if (opens(series, kind)) {
      Symptom evidence = SeriesSymptoms.evidence(kind, symptom);
      breakers
          .known(series.id(), nowMillis)
          .ifPresent(judged -> suffer(judged, evidence, nowMillis));
    }
  }

  private void suffer(Judged judged, Symptom symptom, long nowMillis) {
    breakers.moved(judged, judged.breaker().suffer(symptom, nowMillis));
  }

  private long nextDueMillis() {
    long due = Long.MAX_VALUE;
    for (LiveSeries each : live.values()) {
      due = Math.min(due, each.rate().dueMillis());
    }
    return due;
  }

  private static boolean isWatched(LiveSeries series, Symptom.Kind kind) {
    Watched watched = series.policy().watched();
    return switch (kind) {
      case THROUGHPUT_DROP -> watched.throughput().watched();
      case SILENCE -> watched.silence().watched();
      case SATURATION -> watched.saturation().watched();
      case QUEUE_GROWTH -> watched.queue().watched();
      case ERRORS, SLOWNESS -> false;
    };
  }

  private static boolean opens(LiveSeries series, Symptom.Kind kind) {
    Watched watched = series.policy().watched();
    return switch (kind) {
      case THROUGHPUT_DROP -> watched.throughput().opens();
      case SILENCE -> watched.silence().opens();
      case SATURATION -> watched.saturation().opens();
      case QUEUE_GROWTH -> watched.queue().opens();
      case ERRORS, SLOWNESS -> false;
    };
  }
}
