package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.quota.Demand;
import dev.switchgear.breaker.quota.FleetLimit;
import dev.switchgear.breaker.quota.Handout;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Shares the limits of one partition among those who want them. It needs no timer: whoever may want
 * a limit says so every second until he is closed, and whoever reads that also sees who has fallen
 * silent, and which limits nobody speaks of any more. What was told last is all that is kept.
 */
final class QuotaDesk implements Processor<String, QuotaDemand, String, QuotaState> {

  /** Everybody has said what he wants by then; whoever shares earlier takes from the others. */
  private static final Duration LISTENING = Duration.ofSeconds(2);

  /** Of a hundred instances and three tiers some ten kilobytes each, and never above 2 MiB. */
  static final int MOST_LIMITS = 1_000;

  /** How often to look for limits that nobody wants any more. */
  private static final Duration TIDYING = Duration.ofSeconds(1);

  private final RunningPolicies policies;
  private final Map<String, FleetLimit> limits = new HashMap<>();
  private final Map<String, BreakerPolicy> policyOf = new HashMap<>();
  private @Nullable PolicyBook book;
  private ProcessorContext<String, QuotaState> context;
  private WriteBehindStore<QuotaState> store;
  private List<Sensor> sensors;
  private Sensor overLimits;
  private Sensor overInstances;
  private boolean awake;
  private long tidiedMillis;

  /** Since when demand has come in without a break. */
  private long attentiveMillis;

  @SuppressWarnings("NullAway.Init") // Streams calls init first.
  QuotaDesk(RunningPolicies policies) {
    this.policies = policies;
  }

  @Override
  public void init(ProcessorContext<String, QuotaState> given) {
    context = given;
    awake = false; // The same processor is begun anew when its task comes back.
    store = given.getStateStore(DetectorTopology.QUOTAS);
    overLimits = sensor("quota-demand-over-limits");
    overInstances = sensor("quota-demand-over-instances");
    sensors = List.of(overLimits, overInstances);
  }

  @Override
  public void process(Record<String, QuotaDemand> record) {
    long now = context.currentSystemTimeMs();
    wake(now);
    tidy(now);
    QuotaDemand demand = record.value();
    if (demand == null) {
      throw new BadRecordException("value: none (expected: what an instance wants of a limit)");
    }
    QuotaRecords.check(record.key(), demand);
    BreakerPolicy policy = policy(record.key());
    if (policy.quota().limits()) {
      share(demand, policy, now);
    } else {
      forget(record.key(), now);
    }
  }

  @Override
  public void close() {
    sensors.forEach(context.metrics()::removeSensor);
  }

  private void wake(long now) {
    if (awake) {
      return;
    }
    awake = true;
    tidiedMillis = now;
    attentiveMillis = now;
    limits.clear();
    store.forEachKept(
        (name, told) -> limits.put(name, FleetLimit.resume(QuotaRecords.handout(told), now)));
  }

  /** Whoever heard nothing himself for a while cannot say who was silent. */
  private void tidy(long now) {
    long since = Math.abs(now - tidiedMillis);
    if (since < TIDYING.toMillis()) {
      return;
    }
    tidiedMillis = now;
    if (since > 2 * TIDYING.toMillis()) {
      attentiveMillis = now;
    }
    limits.entrySet().stream()
        .filter(limit -> limit.getValue().isAbandoned(attentiveMillis, now))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(name -> forget(name, now));
  }

  private void share(QuotaDemand demand, BreakerPolicy policy, long now) {
    String name = demand.getLimit();
    Demand wanted = QuotaRecords.demand(demand);
    FleetLimit limit = wanted.leaving() ? limits.get(name) : limit(name, policy, now);
    if (limit == null) {
      return;
    }
    limit.adopt(policy.quota(), policy.staleAfter());
    if (!limit.hear(wanted, now)) {
      overInstances.record();
    }
    if (wanted.leaving() && limit.isAbandoned(attentiveMillis, now)) {
      forget(name, now);
      return;
    }
    limit.divide(now).ifPresent(handout -> tell(name, handout, policy.version()));
  }

  /** A limit that is given to those who are there already has many users at once. */
  private @Nullable FleetLimit limit(String name, BreakerPolicy policy, long now) {
    FleetLimit known = limits.get(name);
    if (known != null) {
      return known;
    }
    if (limits.size() >= MOST_LIMITS) {
      overLimits.record();
      return null;
    }
    FleetLimit begun = FleetLimit.begin(policy.quota(), policy.staleAfter(), LISTENING, now);
    limits.put(name, begun);
    return begun;
  }

  private void tell(String name, Handout handout, long policyVersion) {
    QuotaState state = QuotaRecords.state(name, handout, policyVersion);
    context.forward(new Record<>(name, state, handout.atMillis()));
    store.changed(name, () -> state);
  }

  /** Nobody limits or wants it any more; whoever goes by a share has to know. */
  @SuppressWarnings("NullAway") // A null value is a tombstone.
  private void forget(String name, long now) {
    if (limits.remove(name) != null) {
      context.forward(new Record<>(name, null, now));
      store.removed(name);
    }
  }

  private BreakerPolicy policy(String name) {
    PolicyBook today = policies.book();
    if (today != book || policyOf.size() > MOST_LIMITS) {
      policyOf.clear();
      book = today;
    }
    return policyOf.computeIfAbsent(name, today::policyOf);
  }

  private Sensor sensor(String counted) {
    String task = context.taskId().toString();
    return context.metrics().addRateTotalSensor("quota-desk", task, counted, INFO);
  }
}
