package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Accepts work of one queue now, to be done when its dependency is well. Thread-safe.
 *
 * <pre>{@code
 * if (parking.holds(customer)) {
 *   parking.park(work);
 * }
 * }</pre>
 */
public final class Parking implements AutoCloseable {

  private final String queue;
  private final String breaker;
  private final Identity identity;
  private final Serializer<ParkedWork> serializer;
  private final ParkingProducer producer;
  private final Ledger ledger;

  Parking(String queue, String breaker, Identity identity, KafkaClients clients, Records records) {
    this.queue = queue;
    this.breaker = breaker;
    this.identity = identity;
    this.serializer = records.serializer(ParkedWork.class);
    this.producer = new ParkingProducer(queue, clients.parking(queue));
    this.ledger = new Ledger(queue, clients, records);
  }

  /**
   * Has this key unfinished parked work? Then newer work of the key must be parked too, or it would
   * overtake.
   *
   * <p>Exact and immediate for what this instance parked. What other instances parked is known as
   * soon as it is read from the ledger, milliseconds later. Until the ledger has been read for the
   * first time the answer is true: nobody knows, and parking is the safe side.
   */
  public boolean holds(String workKey) {
    return ledger.holds(workKey);
  }

  /** Whether the ledger has been read, so that {@link #holds} is more than a precaution. */
  public boolean isCaughtUp() {
    return ledger.isCaughtUp();
  }

  /**
   * Parks; returns when the ledger holds the work on every replica that is in sync, at most six
   * seconds later.
   *
   * @return what the ledger holds
   * @throws ParkingException if the work is not accepted, or nobody knows whether it is
   */
  public ParkedWork park(Work work) throws ParkingException {
    ParkedWork item = item(work);
    if (!ledger.own().add(item.getItemId(), item.getWorkKey(), System.nanoTime())) {
      throw ParkingException.refused(
          queue,
          OwnItems.LIMIT
              + " items parked by this instance have not been read back from "
              + Topics.PARKED_WORK.name()
              + "; may this service read it",
          null);
    }
    try {
      producer.send(partitions -> message(item, partitions));
      return item;
    } catch (ParkingException e) {
      if (e.mayBeHeld()) {
        ledger.own().doubt(item.getItemId(), System.nanoTime());
      } else {
        ledger.own().remove(item.getItemId());
      }
      throw e;
    }
  }

  String breaker() {
    return breaker;
  }

  @Override
  public void close() {
    producer.close();
    ledger.close();
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private ParkedWork item(Work work) {
    return ParkedWork.newBuilder()
        .setItemId(UUID.randomUUID().toString())
        .setQueue(queue)
        .setWorkKey(work.workKey())
        .setBreaker(breaker)
        .setIdempotencyKey(work.idempotencyKey())
        .setPayload(ByteBuffer.wrap(work.payload()).asReadOnlyBuffer())
        .setContentType(work.contentType())
        .setHeaders(work.headers())
        .setParkedBy(identity.instance())
        .setParkedAtMillis(System.currentTimeMillis())
        .setDeadlineMillis(work.deadline() == null ? 0 : work.deadline().toEpochMilli())
        .setTraceParent(TraceParent.current())
        .build();
  }

  private ProducerRecord<String, byte[]> message(ParkedWork item, int partitions) {
    String topic = Topics.PARKED_WORK.name();
    int partition = WorkPartition.of(queue, item.getWorkKey(), partitions);
    byte[] bytes = serializer.serialize(topic, item);
    var message = new ProducerRecord<>(topic, partition, item.getItemId(), bytes);
    String traceParent = item.getTraceParent();
    if (traceParent != null) {
      byte[] header = traceParent.getBytes(StandardCharsets.US_ASCII);
      message.headers().add(new RecordHeader(TraceParent.NAME, header));
    }
    return message;
  }
}
