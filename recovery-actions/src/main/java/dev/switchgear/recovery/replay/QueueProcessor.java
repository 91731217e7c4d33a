package dev.switchgear.recovery.replay;

import static java.util.Objects.requireNonNull;

import dev.switchgear.recovery.parking.Division;
import dev.switchgear.recovery.state.Grant;
import dev.switchgear.recovery.state.KnownPart;
import dev.switchgear.recovery.state.KnownQueue;
import dev.switchgear.recovery.state.PartStanding;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Sums each queue over the partitions, and divides its in-flight limit among them.
 *
 * <p>Nothing is granted before every partition has said what it uses. A partition that has not
 * heard of the queue is asked by a grant of nothing; each grant is answered by a standing that
 * names its number. What was granted and is not yet known to be obeyed counts as in use.
 */
final class QueueProcessor implements Processor<String, PartStanding, String, SpecificRecord> {

  private static final Duration PUBLISH_EVERY = Duration.ofMillis(500);

  private final Plan plan;
  private final Set<String> changed = new HashSet<>();
  private @Nullable ProcessorContext<String, SpecificRecord> context;
  private @Nullable KeyValueStore<String, KnownQueue> queues;

  QueueProcessor(Plan plan) {
    this.plan = plan;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    this.context = context;
    this.queues = context.getStateStore(ParkingTopology.QUEUES);
    try (KeyValueIterator<String, KnownQueue> each = queues.all()) {
      while (each.hasNext()) {
        changed.add(each.next().key);
      }
    }
    context.schedule(PUBLISH_EVERY, PunctuationType.WALL_CLOCK_TIME, this::publish);
  }

  @Override
  public void process(Record<String, PartStanding> record) {
    PartStanding standing = checked(record.value());
    String queue = standing.getQueue();
    List<KnownPart> parts = parts(queue);
    int heard = standing.getPartition();
    parts.set(heard, heard(parts.get(heard), standing));
    List<Integer> slots = divide(parts);
    for (int i = 0; i < slots.size(); i++) {
      grant(queue, i, parts, slots.get(i), i == heard);
    }
    requireNonNull(queues).put(queue, new KnownQueue(parts));
    changed.add(queue);
  }

  private PartStanding checked(@Nullable PartStanding standing) {
    if (standing == null
        || standing.getPartition() < 0
        || standing.getPartition() >= plan.partitions()) {
      throw new BadRecordException(
          "standing: %s (expected: of one of %d partitions)"
              .formatted(standing, plan.partitions()));
    }
    return standing;
  }

  private List<KnownPart> parts(String queue) {
    KnownQueue known = requireNonNull(queues).get(queue);
    return new ArrayList<>(
        known != null && known.getParts().size() == plan.partitions()
            ? known.getParts()
            : Collections.nCopies(plan.partitions(), KnownPart.newBuilder().build()));
  }

  /** The partition's word counts where it has obeyed all that is remembered here, or more. */
  private static KnownPart heard(KnownPart part, PartStanding standing) {
    return standing.getGrant() >= part.getGrant()
        ? new KnownPart(standing, standing.getSlots(), standing.getGrant(), 0)
        : new KnownPart(standing, part.getGranted(), part.getGrant(), part.getUnconfirmed());
  }

  /** Until all are heard, everybody keeps what he has. */
  private List<Integer> divide(List<KnownPart> parts) {
    if (parts.stream().anyMatch(part -> part.getStanding() == null)) {
      return parts.stream().map(KnownPart::getGranted).toList();
    }
    return Division.divide(plan.inFlightLimit(), parts.stream().map(QueueProcessor::part).toList());
  }

  private static Division.Part part(KnownPart known) {
    PartStanding standing = known.getStanding();
    int obeyed = Math.max(standing.getSlots(), known.getUnconfirmed());
    return new Division.Part(
        known.getGranted(),
        Math.max(obeyed, standing.getInFlight()),
        standing.getParked(),
        standing.getOldestParkedAtMillis());
  }

  private void grant(
      String queue, int partition, List<KnownPart> parts, int slots, boolean isHeard) {
    KnownPart part = parts.get(partition);
    boolean isUnasked = part.getStanding() == null && part.getGrant() == 0;
    if (part.getGranted() != slots || isUnasked) {
      part =
          new KnownPart(
              part.getStanding(),
              slots,
              part.getGrant() + 1,
              Math.max(part.getUnconfirmed(), slots));
      parts.set(partition, part);
    } else if (!isHeard || part.getStanding().getGrant() == part.getGrant()) {
      return;
    }
    // Also where the partition has heard of an older grant only: it may have lost what it knew.
    forward(ParkingTopology.GRANTING, queue, new Grant(queue, partition, slots, part.getGrant()));
  }

  private void publish(long nowMillis) {
    for (String queue : changed) {
      KnownQueue known = requireNonNull(queues).get(queue);
      if (known != null) {
        forward(ParkingTopology.QUEUE_STATE, queue, QueueSum.of(queue, known, nowMillis));
      }
    }
    changed.clear();
  }

  private void forward(String sink, String queue, SpecificRecord value) {
    ProcessorContext<String, SpecificRecord> known = requireNonNull(context);
    known.forward(new Record<>(queue, value, known.currentSystemTimeMs()), sink);
  }
}
