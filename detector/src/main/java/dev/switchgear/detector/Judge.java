package dev.switchgear.detector;

import dev.switchgear.breaker.Command;
import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.detector.state.KeptSeries;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Judges the breakers of one partition: gives each what was observed of it, what operators ask, and
 * the passing of time, and passes on what becomes of it.
 */
final class Judge implements Processor<String, Object, Object, Object> {

  /** Of what a second is to the fleet, a deadline takes a tenth at the most. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** After this a tick is not waited for any more. */
  private static final long TICK_LOST_MILLIS = 1_000;

  /** Timeouts and idleness change slowly. */
  private static final long REVIEW_MILLIS = 10_000;

  private final FleetView fleet;
  private final Ticker ticker;
  private final ReportReader reader;

  private ProcessorContext<Object, Object> context;
  private Unbundling unbundling;
  private JudgeMetrics metrics;
  private FeltSymptoms symptoms;
  private Bulletin bulletin;
  private Breakers breakers;
  private SeriesDesk series;
  private CallDesk calls;
  private boolean awake;
  private boolean tickIsComing;
  private long tickedMillis;
  private long reviewedMillis;

  @SuppressWarnings("NullAway.Init") // Streams calls init first.
  Judge(FleetView fleet, Ticker ticker, ReportReader reader) {
    this.fleet = fleet;
    this.ticker = ticker;
    this.reader = reader;
  }

  @Override
  public void init(ProcessorContext<Object, Object> given) {
    context = given;
    awake = false; // The same processor is begun anew when its task comes back.
    tickIsComing = false;
    metrics = new JudgeMetrics(given);
    unbundling = new Unbundling(given, DetectorTopology.DEAD_LETTERS);
    symptoms =
        new FeltSymptoms(
            given, given.getStateStore(DetectorTopology.FELT_SYMPTOMS), fleet.symptoms());
    bulletin = new Bulletin(given, symptoms, fleet.lifesigns());
    WriteBehindStore<KeptBreaker> kept = given.getStateStore(DetectorTopology.BREAKERS);
    breakers = new Breakers(kept, fleet.policies(), fleet.states(), bulletin);
    WriteBehindStore<KeptSeries> keptSeries = given.getStateStore(DetectorTopology.SERIES);
    Sight sight = new Sight(fleet.lifesigns()::all);
    series =
        new SeriesDesk(
            keptSeries, breakers, symptoms, fleet.policies(), sight, metrics.unwatched::record);
    calls = new CallDesk(breakers, series, metrics);
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
    metrics.close();
  }

  /**
   * What was kept can be read, and told of, only once Streams calls for work; and, as with all that
   * is told, only in a transaction with an offset.
   */
  private void wake(long now) {
    if (awake) {
      return;
    }
    int partition = context.taskId().partition();
    int partitions = ticker.topic().partitions();
    symptoms.wake(fleet.symptoms().feltIn(partition, partitions));
    breakers.wake(partition, partitions, now);
    symptoms.endOfCalls(breakers.all(), now);
    series.wake(now);
    awake = true;
  }

  private void observe(ConsumerRecord<byte[], byte[]> record, long now) {
    Report report = reader.read(record, now);
    if (isStray(report.breaker())) {
      Record<Object, Object> whole = new Record<>(report.breaker(), reader.decode(record), now);
      context.forward(whole, DetectorTopology.STRAY_OBSERVATIONS);
    } else {
      calls.take(report, record.offset(), now);
    }
  }

  private void observe(Record<String, Object> record, Observation observation, long now) {
    if (isStray(record.key())) {
      context.forward(record, DetectorTopology.STRAY_OBSERVATIONS);
    } else {
      long offset = context.recordMetadata().map(RecordMetadata::offset).orElse(-1L);
      calls.take(Report.of(record.key(), observation, now), offset, now);
    }
  }

  /** Whether another task judges the breaker: who wrote the record knew nothing of parts. */
  private boolean isStray(@Nullable String breaker) {
    return breaker != null
        && BreakerId.isPart(breaker)
        && BreakerId.partition(breaker, ticker.topic().partitions())
            != context.taskId().partition();
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
    if ((!awake || hasWork(now)) && (lost || !tickIsComing)) {
      tickIsComing = true;
      tickedMillis = now;
      ticker.tick(context.taskId().partition(), now);
    }
  }

  private boolean hasWork(long now) {
    return breakers.haveTimer()
        || breakers.havePolicyNews()
        || symptoms.haveNews()
        || series.isDue(now)
        || reviewIsDue(now);
  }

  private void pass(long now) {
    breakers.followPolicies(now);
    for (Judged judged : breakers.withTimer()) {
      breakers.moved(judged, judged.breaker().tick(now));
    }
    series.pass(now);
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
    judged.mayHaveRoom();
    if (judged.isTold() && Bulletin.hasTimeoutNews(judged)) {
      bulletin.state(judged, now);
      breakers.changed(judged);
    }
    breakers.retireIfIdle(judged, now);
  }
}
