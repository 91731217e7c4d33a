package dev.switchgear.detector;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Breaker.Observed;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Suspect;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.Lane;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives what was observed of calls to the breakers that judge them: each observation once, to the
 * breaker that it names, and where a policy judges calls apart to those of their parts. One thread
 * uses it.
 */
final class CallDesk {

  private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);

  private final Breakers breakers;
  private final SeriesDesk series;
  private final JudgeMetrics metrics;
  private final FirstHand firstHand = new FirstHand();

  CallDesk(Breakers breakers, SeriesDesk series, JudgeMetrics metrics) {
    this.breakers = breakers;
    this.series = series;
    this.metrics = metrics;
  }

  /**
   * Calls were observed.
   *
   * @param offset of the record that says so
   */
  void take(Report report, long offset, long now) {
    Judged judged = breakers.knownOrNew(report.breaker(), now);
    if (judged == null) {
      metrics.unjudged(report.sample());
      LOG.debug("Not judging {}: one more than {}", report.breaker(), Breakers.MOST);
    } else if (isNews(report, judged.breaker(), now)) {
      series.observed(report.breaker(), report.lane(), report.sample(), now);
      judge(report, judged, offset, now);
    }
  }

  private boolean isNews(Report report, Breaker breaker, long now) {
    if (report.lane() == Lane.METRIC && firstHand.knows(breaker, report.sample(), now)) {
      metrics.secondHand.record();
      return false;
    }
    if (!breaker.firstSeen(report.sender(), report.incarnation(), report.sequence())) {
      metrics.repeated.record();
      return false;
    }
    return true;
  }

  private void judge(Report report, Judged judged, long offset, long now) {
    CallSample sample = report.sample();
    Breaker whole = judged.breaker();
    Map<Scope, Judged> parts = parts(judged, sample, now);
    boolean kept = parts.values().stream().anyMatch(part -> part.breaker().keepsItsCalls());
    Observed observed = kept ? whole.observeDemand(sample, now) : whole.observe(sample, now);
    if (observed.late()) {
      metrics.late.record();
    }
    took(judged, observed, offset, now);
    for (Map.Entry<Scope, Judged> each : parts.entrySet()) {
      Judged part = each.getValue();
      took(part, judge(part, each.getKey(), whole, report, kept, now), offset, now);
      kept |= part.breaker().keepsItsCalls();
    }
    tellBlame(judged, now);
  }

  private void took(Judged judged, Observed observed, long offset, long now) {
    judged.heard(offset, now);
    breakers.moved(judged, observed.transition());
    breakers.changed(judged);
  }

  /**
   * Calls of a part whose breaker is not closed are evidence of that one only: it has been blamed,
   * and what is left says how all others are. A caller's breaker that opens keeps the calls of its
   * instances from that moment on.
   */
  private static Observed judge(
      Judged part, Scope scope, Breaker whole, Report report, boolean kept, long now) {
    CallSample ofPart = report.sample().ofEpoch(Parts.epoch(scope, report));
    Breaker breaker = part.breaker();
    boolean ofAnother = kept && !breaker.keepsItsCalls();
    return ofAnother
        ? breaker.observeDemand(ofPart, now)
        : breaker.observe(ofPart, whole, scope, now);
  }

  /** The breakers of the parts that the calls belong to; none where the policy splits nothing. */
  private Map<Scope, Judged> parts(Judged whole, CallSample sample, long now) {
    Set<Scope> split = whole.breaker().policy().split();
    String id = whole.breaker().id();
    if (split.isEmpty() || BreakerId.isPart(id)) {
      return Map.of();
    }
    Map<Scope, Judged> parts = new EnumMap<>(Scope.class);
    for (Scope scope : split) {
      Optional<String> part = Parts.id(scope, id, sample.caller());
      Optional<Judged> known = part.flatMap(each -> breakers.partOf(whole, each, now));
      known.ifPresent(judged -> parts.put(scope, judged));
      if (known.isEmpty()) {
        metrics.notApart.record();
      }
    }
    return parts;
  }

  /** One caller's trouble opens nothing; whoever operates that caller wants to know. */
  private void tellBlame(Judged judged, long now) {
    Breaker breaker = judged.breaker();
    String blamed = breaker.soleSufferer().orElse("");
    if (judged.blames(blamed)) {
      Optional<Suspect> suspect = breaker.suspects(now).stream().findFirst();
      suspect.map(Suspect::dimension).ifPresent(metrics::suspected);
      metrics.oneCaller.record();
      String who = suspect.map(each -> ": " + each.describe(now)).orElse("");
      LOG.warn("{} is bad for {} only, not opened{}", breaker.id(), blamed, who);
    }
  }
}
