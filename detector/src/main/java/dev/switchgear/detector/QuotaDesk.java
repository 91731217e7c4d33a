package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.breaker.policy.BreakerPolicy;
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
 * Shares the limits of one partition among those who want them. It needs no timer: as long as
 * anybody wants a limit he says so every second, and whoever reads that also sees who has fallen
 * silent. What was told last is all that is kept.
 */
final class QuotaDesk implements Processor<String, QuotaDemand, String, QuotaState> {

  /** Everybody has said what he wants by then; whoever shares earlier takes from the others. */
  private static final Duration LISTENING = Duration.ofSeconds(2);

  /** At most a tenth of a megabyte each, and most of them a kilobyte. */
  static final int MOST_LIMITS = 1_000;

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
  private long awakeMillis;

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
    awakeMillis = now;
    limits.clear();
    store.forEachKept(
        (name, told) -> limits.put(name, FleetLimit.resume(QuotaRecords.handout(told), now)));
  }

  private void share(QuotaDemand demand, BreakerPolicy policy, long now) {
    FleetLimit limit = limits.get(demand.getLimit());
    if (limit == null) {
      if (limits.size() >= MOST_LIMITS) {
        overLimits.record();
        return;
      }
      limit = FleetLimit.begin(policy.quota(), policy.staleAfter(), listening(now), now);
      limits.put(demand.getLimit(), limit);
    }
    limit.adopt(policy.quota(), policy.staleAfter());
    if (!limit.hear(QuotaRecords.demand(demand), now)) {
      overInstances.record();
    }
    limit.divide(now).ifPresent(handout -> tell(demand.getLimit(), handout, policy.version()));
  }

  /** A limit that comes up later is shared at once: its first user is the first there is. */
  private Duration listening(long now) {
    long left = awakeMillis + LISTENING.toMillis() - now;
    return Duration.ofMillis(Math.max(0, Math.min(LISTENING.toMillis(), left)));
  }

  private void tell(String name, Handout handout, long policyVersion) {
    QuotaState state = QuotaRecords.state(name, handout, policyVersion);
    context.forward(new Record<>(name, state, handout.atMillis()));
    store.changed(name, () -> state);
  }

  /** The policy limits nothing any more; whoever goes by a share has to know. */
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
