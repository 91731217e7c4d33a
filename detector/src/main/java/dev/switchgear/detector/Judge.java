package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Breaker.Observed;
import dev.switchgear.breaker.Command;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Dimension;
import dev.switchgear.breaker.evidence.Suspect;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the breakers of one partition: gives each what was observed of it, what operators ask, and
 * the passing of time, and passes on what becomes of it.
 */
final class Judge implements Processor<String, Object, Object, Object> {

  private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

  /** Of what a second is to the fleet, a deadline takes a tenth at the most. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** After this a tick is not waited for any more. */
  private static final long TICK_LOST_MILLIS = 1_000;

  /** Timeouts and idleness change slowly. */
  private static final long REVIEW_MILLIS = 10_000;

  private final RunningPolicies policies;
  private final PublishedStates published;
  private final PublishedSymptoms everywhere;
  private final Ticker ticker;
  private final ReportReader reader;
  private final FirstHand firstHand = new FirstHand();
  private final Map<Dimension, Sensor> suspects = new EnumMap<>(Dimension.class);

  private ProcessorContext<Object, Object> context;
  private Unbundling unbundling;
  private FeltSymptoms symptoms;
  private Bulletin bulletin;
  private Breakers breakers;
  private List<Sensor> sensors;
  private Sensor late;
  private Sensor repeated;
  private Sensor secondHand;
  private Sensor oneCaller;
  private Sensor notApart;
  private Sensor unjudged;
  private Sensor unjudgedCalls;
  private Sensor unjudgedFailures;
  private boolean awake;
  private boolean tickIsComing;
  private long tickedMillis;
  private long reviewedMillis;

  @SuppressWarnings("NullAway.Init") // Streams calls init first.
  Judge(
      RunningPolicies policies,
      PublishedStates published,
      PublishedSymptoms everywhere,
      Ticker ticker,
      ReportReader reader) {
    this.policies = policies;
    this.published = published;
    this.everywhere = everywhere;
    this.ticker = ticker;
    this.reader = reader;
  }

  @Override
  public void init(ProcessorContext<Object, Object> given) {
    context = given;
    awake = false; // The same processor is begun anew when its task comes back.
    tickIsComing = false;
    symptoms =
        new FeltSymptoms(given, given.getStateStore(DetectorTopology.FELT_SYMPTOMS), everywhere);
    bulletin = new Bulletin(given, symptoms);
    unbundling = new Unbundling(given, DetectorTopology.DEAD_LETTERS);
    WriteBehindStore<KeptBreaker> store = given.getStateStore(DetectorTopology.BREAKERS);
    breakers = new Breakers(store, policies, published, bulletin);
    late = sensor("late-observations");
    repeated = sensor("repeated-observations");
    secondHand = sensor("second-hand-observations");
    oneCaller = sensor("one-caller-symptoms");
    notApart = sensor("observations-not-judged-apart");
    unjudged = sensor("unjudged-observations");
    unjudgedCalls = sumUnderTheStar("unjudged-calls-total");
    unjudgedFailures = sumUnderTheStar("unjudged-failures-total");
    for (Dimension dimension : Dimension.values()) {
      suspects.put(dimension, suspectsOf(dimension));
    }
    sensors =
        new ArrayList<>(
            List.of(
                late,
                repeated,
                secondHand,
                oneCaller,
                notApart,
                unjudged,
                unjudgedCalls,
                unjudgedFailures));
    sensors.addAll(suspects.values());
    given.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> askForTick());
  }

  @Override
  public void process(Record<String, Object> record) {
    long now = context.currentSystemTimeMs();
    wake(now);
    if (record.value() instanceof Bundle bundle) {
      unbundling.each(bundle, each -> observe(each, now));
    } else if (record.value() instanceof Observation observation) {
      observe(record, observation, now);
    } else if (record.value() instanceof OperatorCommand command) {
      obey(record, command, now);
    } else if (record.value() instanceof Tick) {
      tickIsComing = false;
      pass(now);
    } else {
      throw new BadRecordException("value: none (expected: an observation or a command)");
    }
  }

  @Override
  public void close() {
    sensors.forEach(context.metrics()::removeSensor);
  }

  /**
   * What was kept can be read, and told of, only once Streams calls for work; and, as with all that
   * is told, only in a transaction with an offset.
   */
  private void wake(long now) {
    if (!awake) {
      symptoms.wake();
      breakers.wake(context.taskId().partition(), ticker.topic().partitions(), now);
      awake = true;
    }
  }

  private void observe(ConsumerRecord<byte[], byte[]> record, long now) {
    Report report = reader.read(record, now);
    if (isStray(report.breaker())) {
      Record<Object, Object> whole = new Record<>(report.breaker(), reader.decode(record), now);
      context.forward(whole, DetectorTopology.STRAY_OBSERVATIONS);
    } else {
      observe(report, record.offset(), now);
    }
  }

  private void observe(Record<String, Object> record, Observation observation, long now) {
    if (isStray(record.key())) {
      context.forward(record, DetectorTopology.STRAY_OBSERVATIONS);
    } else {
      long offset = context.recordMetadata().map(RecordMetadata::offset).orElse(-1L);
      observe(Report.of(record.key(), observation, now), offset, now);
    }
  }

  /** Whether another task judges the breaker: who wrote the record knew nothing of parts. */
  private boolean isStray(@Nullable String breaker) {
    return breaker != null
        && BreakerId.isPart(breaker)
        && BreakerId.partition(breaker, ticker.topic().partitions())
            != context.taskId().partition();
  }

  private void observe(Report report, long offset, long now) {
    Judged judged = breakers.knownOrNew(report.breaker(), now);
    if (judged == null) {
      countUnjudged(report.breaker(), report.sample());
      return;
    }
    Breaker breaker = judged.breaker();
    if (report.isOf(Lane.METRIC) && firstHand.knows(breaker, report.sample(), now)) {
      secondHand.record();
      return;
    }
    if (!breaker.firstSeen(report.sender(), report.incarnation(), report.sequence())) {
      repeated.record();
      return;
    }
    Map<Scope, Judged> parts = parts(judged, report.sample(), now);
    boolean keep = parts.values().stream().anyMatch(part -> part.breaker().keepsItsCalls());
    Observed observed =
        keep ? breaker.observeDemand(report.sample(), now) : breaker.observe(report.sample(), now);
    if (observed.late()) {
      late.record();
    }
    took(judged, observed, offset, now);
    parts.forEach((scope, part) -> observe(part, scope, judged, report, keep, offset, now));
    tellBlame(judged, now);
  }

  private void took(Judged judged, Observed observed, long offset, long now) {
    judged.heard(offset, now);
    breakers.moved(judged, observed.transition());
    breakers.changed(judged);
  }

  /**
   * Calls of a part whose breaker is not closed are evidence of that one only: it has been blamed,
   * and what is left says how all others are.
   */
  private void observe(
      Judged part, Scope scope, Judged whole, Report report, boolean kept, long offset, long now) {
    CallSample ofPart = report.sample().ofEpoch(Parts.epoch(scope, report));
    Breaker breaker = part.breaker();
    boolean others = kept && !breaker.keepsItsCalls();
    Observed observed =
        others
            ? breaker.observeDemand(ofPart, now)
            : breaker.observe(ofPart, whole.breaker(), scope, now);
    took(part, observed, offset, now);
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
        notApart.record();
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
      suspect.map(Suspect::dimension).map(suspects::get).ifPresent(Sensor::record);
      oneCaller.record();
      String who = suspect.map(each -> ": " + each.describe(now)).orElse("");
      LOG.warn("{} is bad for {} only, not opened{}", breaker.id(), blamed, who);
    }
  }

  /** One breaker too many: its calls count under {@value Names#OTHERS}, and move nothing. */
  private void countUnjudged(String id, CallSample sample) {
    unjudged.record();
    unjudgedCalls.record((double) sample.calls());
    long failed = sample.errors().values().stream().mapToLong(Long::longValue).sum();
    unjudgedFailures.record((double) failed);
    LOG.debug("Not judging {}: one more than {}", id, Breakers.MOST);
  }

  private void obey(Record<String, Object> record, OperatorCommand given, long now) {
    if (isStray(record.key())) {
      context.forward(record, DetectorTopology.STRAY_COMMANDS);
      return;
    }
    Command command = Commands.of(record.key(), given);
    String id = given.getBreaker();
    Judged judged = breakers.known(id, now).orElseThrow(() -> unknown(id));
    breakers.moved(judged, judged.breaker().command(command, now));
    breakers.changed(judged);
  }

  private BadRecordException unknown(String id) {
    String nearest = breakers.nearest(id).map(name -> ", such as " + name).orElse("");
    return Names.bad("breaker", id, "one that somebody has called" + nearest);
  }

  /** Decides nothing and tells nothing: see {@link DetectorTopology}. */
  private void askForTick() {
    long now = context.currentSystemTimeMs();
    boolean lost = Math.abs(now - tickedMillis) >= TICK_LOST_MILLIS;
    boolean wanted =
        !awake
            || breakers.haveTimer()
            || breakers.havePolicyNews()
            || symptoms.haveNews()
            || reviewIsDue(now);
    if (wanted && (lost || !tickIsComing)) {
      tickIsComing = true;
      tickedMillis = now;
      ticker.tick(context.taskId().partition(), now);
    }
  }

  private void pass(long now) {
    breakers.followPolicies(now);
    for (Judged judged : breakers.withTimer()) {
      breakers.moved(judged, judged.breaker().tick(now));
    }
    symptoms.relate(now);
    if (reviewIsDue(now)) {
      reviewedMillis = now;
      breakers.all().forEach(judged -> review(judged, now));
    }
  }

  private boolean reviewIsDue(long now) {
    return Math.abs(now - reviewedMillis) >= REVIEW_MILLIS;
  }

  private void review(Judged judged, long now) {
    judged.hasAllParts(false);
    if (Bulletin.hasTimeoutNews(judged)) {
      bulletin.state(judged, now);
      breakers.changed(judged);
    }
    breakers.retireIfIdle(judged, now);
  }

  /** The sum of what is recorded, where {@link #sensor} counts how often. */
  private Sensor sumUnderTheStar(String name) {
    String task = context.taskId().toString();
    Map<String, String> tags = Map.of("judge-id", task, "breaker", Names.OTHERS);
    Sensor sensor = context.metrics().addSensor("judge-" + task + "-" + name, INFO);
    sensor.add(new MetricName(name, "stream-judge-metrics", "", tags), new CumulativeSum());
    return sensor;
  }

  /** How often one of this dimension was the likeliest culprit of one caller's trouble. */
  private Sensor suspectsOf(Dimension dimension) {
    String name = "one-caller-suspects-total";
    String task = context.taskId().toString();
    String told = dimension.name().toLowerCase(Locale.ROOT);
    Sensor sensor = context.metrics().addSensor("judge-" + task + "-" + name + "-" + told, INFO);
    Map<String, String> tags = Map.of("judge-id", task, "dimension", told);
    sensor.add(new MetricName(name, "stream-judge-metrics", "", tags), new CumulativeCount());
    return sensor;
  }

  private Sensor sensor(String counted) {
    String task = context.taskId().toString();
    return context.metrics().addRateTotalSensor("judge", task, counted, INFO);
  }
}
