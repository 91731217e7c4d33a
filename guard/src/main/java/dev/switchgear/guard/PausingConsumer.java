package dev.switchgear.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer that takes no records while the guard of what they lead to refuses calls, and comes
 * back with the breaker's ramp. It keeps polling meanwhile, so it stays in its group.
 *
 * <pre>{@code
 * PausingConsumer<String, Order> orders = gear.pausing(consumer, gear.guard("payments/charge"));
 * while (running) {
 *   orders.poll(Duration.ofMillis(500), order -> payments.charge(order.value()));
 *   consumer.commitSync();
 * }
 * }</pre>
 *
 * <p>The handling of a record is the guarded call: it is admitted and counted here, and is not to
 * be guarded again. While the breaker does not admit all calls, as many are tried as the consumer
 * usually handles records, so that the fleet sees what is wanted; for each that is admitted one
 * record is taken. What was read and is not handled is put back: the consumer's position is always
 * that behind the last record that was handled, so committing, by itself or by hand, loses nothing,
 * and the order of each partition stays.
 *
 * <p>Closing and committing are the user's, and so are further settings. For the one thread that
 * polls.
 */
public final class PausingConsumer<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(PausingConsumer.class);

  /** How soon a change of the breaker is noticed while nothing comes in. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Consumer<K, V> consumer;
  private final Guard guard;
  private final Clocks clocks;
  private final UsualRate usual;

  /** Paused here, and by whoever uses this. */
  private final Set<TopicPartition> held = new HashSet<>();

  private final Set<TopicPartition> pausedByUser = new HashSet<>();
  private boolean holding;
  private int turn;

  PausingConsumer(Consumer<K, V> consumer, Guard guard, Clocks clocks) {
    this.consumer = consumer;
    this.guard = guard;
    this.clocks = clocks;
    this.usual = new UsualRate(clocks.nanos());
  }

  /**
   * Polls once, and handles what is admitted of it.
   *
   * @param timeout how long to wait for records at the most; while the breaker does not admit all
   *     calls, a tenth of a second at the most
   * @return how many records were handled
   * @throws Exception what the handler threw; its record and all after it come again
   */
  public int poll(Duration timeout, RecordHandler<K, V> handler) throws Exception {
    return guard.admitsAll() ? freely(timeout, handler) : byTurns(timeout, handler);
  }

  /** Whether it holds records back now, because the breaker does not admit all calls. */
  public boolean isHolding() {
    return holding;
  }

  /**
   * Pauses partitions for reasons of the user's own, whatever the breaker does. The same on the
   * consumer itself is respected unless this has paused them already.
   */
  public void pause(Collection<TopicPartition> partitions) {
    consumer.pause(partitions);
    pausedByUser.addAll(partitions);
  }

  /** Ends {@link #pause}. */
  public void resume(Collection<TopicPartition> partitions) {
    pausedByUser.removeAll(partitions);
    List<TopicPartition> free = partitions.stream().filter(each -> !held.contains(each)).toList();
    consumer.resume(free);
  }

  private int freely(Duration timeout, RecordHandler<K, V> handler) throws Exception {
    letGo();
    tell(false);
    ConsumerRecords<K, V> records = consumer.poll(timeout);
    int handled = handle(records, handler, this::admitted);
    usual.handled(handled, clocks.nanos());
    return handled;
  }

  private int byTurns(Duration timeout, RecordHandler<K, V> handler) throws Exception {
    tell(true);
    Deque<Permit> permits = permits();
    try {
      if (permits.isEmpty()) {
        hold();
      } else {
        letGo();
      }
      Duration wait = timeout.compareTo(LOOK) < 0 ? timeout : LOOK;
      return handle(consumer.poll(wait), handler, permits::poll);
    } finally {
      permits.forEach(Permit::cancelled);
      hold();
    }
  }

  /** One for each call that is admitted of those that would have been made by now. */
  private Deque<Permit> permits() {
    Deque<Permit> permits = new ArrayDeque<>();
    for (int turns = usual.turns(clocks.nanos()); turns > 0; turns--) {
      Permit permit = admitted();
      if (permit != null) {
        permits.add(permit);
      }
    }
    return permits;
  }

  private @Nullable Permit admitted() {
    return guard.admit() instanceof Permit permit ? permit : null;
  }

  private int handle(
      ConsumerRecords<K, V> records,
      RecordHandler<K, V> handler,
      Supplier<@Nullable Permit> admission)
      throws Exception {
    List<ConsumerRecord<K, V>> all = inTurn(records);
    int handled = 0;
    try {
      while (handled < all.size()) {
        Permit permit = admission.get();
        if (permit == null) {
          break;
        }
        handle(all.get(handled), handler, permit);
        handled++;
      }
    } finally {
      putBack(all.subList(handled, all.size()));
    }
    return handled;
  }

  private void handle(ConsumerRecord<K, V> each, RecordHandler<K, V> handler, Permit permit)
      throws Exception {
    guard.admitted(permit, () -> handled(each, handler));
  }

  private static <K, V> long handled(ConsumerRecord<K, V> each, RecordHandler<K, V> handler)
      throws Exception {
    handler.handle(each);
    return each.offset();
  }

  /** Partition by partition, another one first each time, so that a small share reaches all. */
  private List<ConsumerRecord<K, V>> inTurn(ConsumerRecords<K, V> records) {
    List<TopicPartition> partitions = new ArrayList<>(records.partitions());
    if (!partitions.isEmpty()) {
      Collections.rotate(partitions, turn++ % partitions.size());
    }
    List<ConsumerRecord<K, V>> all = new ArrayList<>(records.count());
    partitions.forEach(each -> all.addAll(records.records(each)));
    return all;
  }

  /** The first of each partition that was not handled is the next one to be read. */
  private void putBack(List<ConsumerRecord<K, V>> left) {
    Set<TopicPartition> assigned = consumer.assignment();
    Set<TopicPartition> done = new HashSet<>();
    for (ConsumerRecord<K, V> each : left) {
      TopicPartition partition = new TopicPartition(each.topic(), each.partition());
      if (done.add(partition) && assigned.contains(partition)) {
        Optional<Integer> epoch = each.leaderEpoch();
        consumer.seek(partition, new OffsetAndMetadata(each.offset(), epoch, ""));
      }
    }
  }

  /** Whatever is assigned by now; what comes in a rebalance is paused with the next poll. */
  private void hold() {
    Set<TopicPartition> free = new HashSet<>(consumer.assignment());
    free.removeAll(consumer.paused());
    pausedByUser.removeAll(free); // A partition that came back from a rebalance is not paused.
    consumer.pause(free);
    held.addAll(free);
  }

  private void letGo() {
    held.retainAll(consumer.assignment());
    held.removeAll(pausedByUser);
    consumer.resume(held);
    held.clear();
  }

  private void tell(boolean now) {
    if (now != holding) {
      LOG.info(
          now ? "Holding records back for {}" : "Taking all records for {} again", guard.breaker());
    }
    holding = now;
  }
}
