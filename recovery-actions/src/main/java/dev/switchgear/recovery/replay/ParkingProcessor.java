package dev.switchgear.recovery.replay;

import static java.util.Objects.requireNonNull;

import dev.switchgear.recovery.state.Grant;
import dev.switchgear.recovery.state.Tick;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkOutcome;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Gives what is read to the {@link LedgerPartition} of its task, and lets time pass in it. */
final class ParkingProcessor implements Processor<String, SpecificRecord, Object, Object> {

  private static final Duration TICK = Duration.ofMillis(100);

  /** Ticks that were sent and have not come back. Commits come about as often as ticks. */
  private static final int TICKS_ON_THE_WAY = 3;

  /** After this a tick is not waited for any more. */
  private static final Duration TICK_LOST = Duration.ofSeconds(1);

  private final Plan plan;
  private final Records records;
  private final Archive archive;
  private final ReplayTopics replayTopics;
  private final BreakerLetters letters;
  private @Nullable ProcessorContext<Object, Object> context;
  private @Nullable LedgerPartition partition;
  private int ticksOnTheWay;
  private long tickedAtMillis;

  ParkingProcessor(
      Plan plan,
      Records records,
      Archive archive,
      ReplayTopics replayTopics,
      BreakerLetters letters) {
    this.plan = plan;
    this.records = records;
    this.archive = archive;
    this.replayTopics = replayTopics;
    this.letters = letters;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    this.context = context;
    var ramp = new Ramp(plan, context.getStateStore(ParkingTopology.BREAKERS), replayTopics);
    this.partition = LedgerPartition.open(context, plan, records, archive, ramp, letters);
    context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    LedgerPartition opened = requireNonNull(partition);
    RecordMetadata source = requireNonNull(context).recordMetadata().orElseThrow();
    @Nullable SpecificRecord value = record.value();
    if (source.topic().equals(Topics.PARKED_WORK.name())) {
      opened.read(record.key(), (ParkedWork) value, source.offset());
    } else if (source.topic().equals(Topics.WORK_OUTCOMES.name())) {
      opened.read(record.key(), (WorkOutcome) value, source.offset());
    } else if (value instanceof Grant grant) {
      opened.obey(grant);
    } else {
      ticksOnTheWay = Math.max(0, ticksOnTheWay - 1);
      opened.pass();
    }
  }

  @Override
  public void close() {
    if (partition != null) {
      partition.close();
    }
  }

  private void tick(long nowMillis) {
    if (nowMillis - tickedAtMillis > TICK_LOST.toMillis()) {
      ticksOnTheWay = 0;
    }
    if (ticksOnTheWay < TICKS_ON_THE_WAY && requireNonNull(partition).isAwake()) {
      ticksOnTheWay++;
      tickedAtMillis = nowMillis;
      ProcessorContext<Object, Object> known = requireNonNull(context);
      int task = known.taskId().partition();
      Record<Object, Object> tick =
          new Record<>(Integer.toString(task), new Tick(task, nowMillis), nowMillis);
      known.forward(tick, ParkingTopology.PASS_TIME);
    }
  }
}
