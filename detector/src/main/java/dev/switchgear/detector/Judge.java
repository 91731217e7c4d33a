package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.breaker.Breaker.Observed;
import dev.switchgear.breaker.Command;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.detector.state.KeptSeries;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the breakers of one partition: gives each what was observed of it, what operators ask, and
 * the passing of time, and passes on what becomes of it.
 */
final class Judge implements Processor<String, SpecificRecord, String, SpecificRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

  /** Of what a second is to the fleet, a deadline takes a tenth at the most. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** After this a tick is not waited for any more. */
  private static final long TICK_LOST_MILLIS = 1_000;

  /** Timeouts and idleness change slowly. */
  private static final long REVIEW_MILLIS = 10_000;

  private final RunningPolicies policies;
  private final PublishedStates published;
  private final PublishedSymptoms publishedSymptoms;
  private final Lifesigns lifesigns;
  private final Ticker ticker;
  private final FirstHand firstHand = new FirstHand();

  private ProcessorContext<String, SpecificRecord> context;
  private FeltSymptoms symptoms;
  private Bulletin bulletin;
  private Breakers breakers;
  private SeriesDesk series;
  private List<Sensor> sensors;
  private Sensor late;
  private Sensor repeated;
  private Sensor secondHand;
  private Sensor oneCaller;
  private Sensor unwatched;
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
      PublishedSymptoms publishedSymptoms,
      Lifesigns lifesigns,
      Ticker ticker) {
    this.policies = policies;
    this.published = published;
    this.publishedSymptoms = publishedSymptoms;
    this.lifesigns = lifesigns;
    this.ticker = ticker;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> given) {
    context = given;
    awake = false; // The same processor is begun anew when its task comes back.
    tickIsComing = false;
    symptoms = new FeltSymptoms(given, given.getStateStore(DetectorTopology.FELT_SYMPTOMS));
    bulletin = new Bulletin(given, symptoms);
    WriteBehindStore<KeptBreaker> store = given.getStateStore(DetectorTopology.BREAKERS);
    breakers = new Breakers(store, policies, published, bulletin);
    late = sensor("late-observations");
    repeated = sensor("repeated-observations");
    secondHand = sensor("second-hand-observations");
    oneCaller = sensor("one-caller-symptoms");
    unwatched = sensor("unwatched-measurements");
    unjudged = sensor("unjudged-observations");
    unjudgedCalls = sumUnderTheStar("unjudged-calls-total");
    unjudgedFailures = sumUnderTheStar("unjudged-failures-total");
    Sight sight = new Sight(lifesigns::all);
    WriteBehindStore<KeptSeries> kept = given.getStateStore(DetectorTopology.SERIES);
    series = new SeriesDesk(kept, breakers, symptoms, policies, sight, unwatched::record);
    sensors =
        List.of(
            unwatched,
            late,
            repeated,
            secondHand,
            oneCaller,
            unjudged,
            unjudgedCalls,
            unjudgedFailures);
    given.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> askForTick());
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    long now = context.currentSystemTimeMs();
    wake(now);
    if (record.value() instanceof Observation observation) {
      observe(observation, Samples.of(record.key(), observation, now), now);
    } else if (record.value() instanceof OperatorCommand command) {
      obey(command.getBreaker(), Commands.of(record.key(), command), now);
    } else if (record.value() instanceof ServiceLevels levels) {
      series.levels(levels, now);
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
      int partition = context.taskId().partition();
      symptoms.wake(publishedSymptoms.feltIn(partition, ticker.topic().partitions()));
      breakers.wake(partition, now);
      symptoms.endOfCalls(breakers.all(), now);
      series.wake(now);
      awake = true;
    }
  }

  private void observe(Observation observation, CallSample sample, long now) {
    Optional<Judged> known = breakers.knownOrNew(observation.getBreaker(), now);
    if (known.isEmpty()) {
      countUnjudged(observation.getBreaker(), sample);
      return;
    }
    Judged judged = known.get();
    if (observation.getLane() == Lane.METRIC
        && firstHand.knows(judged.breaker(), observation, now)) {
      secondHand.record();
      return;
    }
    boolean news =
        judged
            .breaker()
            .firstSeen(
                Samples.sender(observation),
                observation.getIncarnation(),
                observation.getSequence());
    if (!news) {
      repeated.record();
      return;
    }
    judged.heard(context.recordMetadata().map(RecordMetadata::offset).orElse(-1L), now);
    series.observed(judged.breaker().id(), observation.getLane(), sample, now);
    Observed observed = judged.breaker().observe(sample, now);
    if (observed.late()) {
      late.record();
    }
    breakers.moved(judged, observed.transition());
    breakers.changed(judged);
    tellBlame(judged);
  }

  /** One caller's trouble opens nothing; whoever operates that caller wants to know. */
  private void tellBlame(Judged judged) {
    String blamed = judged.breaker().soleSufferer().orElse("");
    if (judged.blames(blamed)) {
      oneCaller.record();
      LOG.warn("{} is bad for {} only: not opened", judged.breaker().id(), blamed);
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

  private void obey(String id, Command command, long now) {
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
    boolean looked = !series.isDue(now) && !breakers.havePolicyNews() && !reviewIsDue(now);
    boolean wanted = !awake || !looked || breakers.haveTimer();
    if (wanted && (lost || !tickIsComing)) {
      tickIsComing = true;
      tickedMillis = now;
      ticker.tick(context.taskId().partition(), now);
    }
  }

  private void pass(long now) {
    breakers.followPolicies(now);
    for (Judged judged : breakers.all()) {
      breakers.moved(judged, judged.breaker().tick(now));
    }
    series.pass(now);
    if (reviewIsDue(now)) {
      reviewedMillis = now;
      breakers.all().forEach(judged -> review(judged, now));
    }
  }

  private boolean reviewIsDue(long now) {
    return Math.abs(now - reviewedMillis) >= REVIEW_MILLIS;
  }

  private void review(Judged judged, long now) {
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

  private Sensor sensor(String counted) {
    String task = context.taskId().toString();
    return context.metrics().addRateTotalSensor("judge", task, counted, INFO);
  }
}
