package dev.switchgear.guard;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports the counts of one breaker: at most one observation of each epoch is under way, and the
 * next ones are made only when all of them are acknowledged. Until then counts are summed on. So
 * what waits for Kafka is bounded, and a reader that ignores repeated sequence numbers counts every
 * call once, whatever happened to the acknowledgements. One thread uses it.
 */
final class BreakerReport {

  private final Gate gate;
  private final Identity identity;
  private final Telemetry telemetry;
  private final int timedPerSecond;
  private final Caller caller;
  private final Map<Tally, TallyReport> reports = new LinkedHashMap<>();
  private final List<Delivery> underWay = new ArrayList<>();
  private Reading lastReading;
  private long sequence;
  private long deferred;
  private long dropped;

  BreakerReport(
      Gate gate, Identity identity, Telemetry telemetry, int timedPerSecond, Reading since) {
    this.gate = gate;
    this.identity = identity;
    this.telemetry = telemetry;
    this.timedPerSecond = timedPerSecond;
    this.caller = identity.caller();
    this.lastReading = since;
  }

  /** Reads all counts and sends what can be sent; tells of running calls, too. */
  void tick(Reading now) {
    report(now, TallyReport::isActive);
  }

  /** What the last reading found, for the brain. */
  List<CallSample> samples() {
    return reports.values().stream().flatMap(each -> each.sample(caller).stream()).toList();
  }

  /** Sends what is counted, and nothing else any more. */
  void flush(Reading now) {
    report(now, TallyReport::holdsCounts);
  }

  /** Whether everything counted so far is acknowledged. */
  boolean isFlushed() {
    return underWay.stream().allMatch(Delivery::isAcknowledged) && !holdsCounts();
  }

  /** Intervals whose counts were summed on because older ones were still under way. */
  long deferred() {
    return deferred;
  }

  /** Observations lost because their epoch was too long ago, or Kafka away at the end. */
  long dropped() {
    return dropped;
  }

  /** Nothing is sent any more: what has not arrived is lost. */
  void end() {
    dropped += underWay.stream().filter(each -> !each.isAcknowledged()).count();
    dropped += reports.values().stream().filter(TallyReport::holdsCounts).count();
  }

  /** Why observations have not arrived for seconds; null if they have. */
  @Nullable Exception lateBecause() {
    return underWay.stream()
        .filter(each -> !each.isAcknowledged())
        .map(Delivery::lateBecause)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void report(Reading now, Predicate<TallyReport> worthTelling) {
    List<Tally> tallies = gate.tallies();
    tallies.forEach(each -> reports.computeIfAbsent(each, this::reportOf));
    reports.values().forEach(each -> each.read(now));
    count();
    if (reports.values().stream().anyMatch(TallyReport::isActive)) {
      gate.calledAt(now.nanos());
    }
    lastReading = now;
    forgetAllBut(tallies);
    underWay.removeIf(Delivery::isAcknowledged);
    if (underWay.isEmpty()) {
      reports.values().stream().filter(worthTelling).forEach(this::observe);
    } else if (holdsCounts()) {
      deferred++;
    }
    underWay.stream().filter(Delivery::isWaiting).forEach(telemetry::send);
    reports.values().removeIf(this::forgetIfOver);
  }

  /** What comes too late is counted in the newer epoch, and not to be read here. */
  private boolean forgetIfOver(TallyReport report) {
    if (report.isOver()) {
      gate.forget(report.tally());
    }
    return report.isOver();
  }

  private TallyReport reportOf(Tally tally) {
    return new TallyReport(tally, lastReading, timedPerSecond);
  }

  private void count() {
    CallCounts counts = gate.counts();
    for (TallyReport each : reports.values()) {
      counts = each.addTo(counts);
    }
    gate.counted(counts);
  }

  private void observe(TallyReport report) {
    Observation observation = report.observe(gate.breaker(), identity, ++sequence);
    underWay.add(telemetry.delivery(observation));
  }

  private void forgetAllBut(List<Tally> tallies) {
    Stream<TallyReport> forgotten =
        reports.values().stream().filter(each -> !tallies.contains(each.tally()));
    dropped += forgotten.filter(TallyReport::holdsCounts).count();
    reports.keySet().retainAll(tallies);
  }

  private boolean holdsCounts() {
    return reports.values().stream().anyMatch(TallyReport::holdsCounts);
  }
}
