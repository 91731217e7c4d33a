package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;

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
    Map<Scope, Judged> parts = parts(judged, sample, now);
    Map<Scope, Breaker.Part> apart = new EnumMap<>(Scope.class);
    parts.forEach(
        (scope, part) ->
            apart.put(scope, new Breaker.Part(part.breaker(), Parts.epoch(scope, report))));
    Breaker.Shared observed = judged.breaker().observe(sample, apart, now);
    if (observed.whole().late()) {
      metrics.late.record();
    }
    took(judged, observed.whole(), offset, now);
    observed
        .parts()
        .forEach((scope, each) -> took(requireNonNull(parts.get(scope)), each, offset, now));
    tellBlame(judged, now);
  }

  private void took(Judged judged, Observed observed, long offset, long now) {
    judged.heard(offset, now);
    breakers.moved(judged, observed.transition());
    breakers.changed(judged);
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
      Optional<Judged> known = part.flatMap(each -> breakers.partOf(whole, scope, each, now));
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
