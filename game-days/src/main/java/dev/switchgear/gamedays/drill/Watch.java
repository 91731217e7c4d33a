package dev.switchgear.gamedays.drill;

import dev.switchgear.gamedays.drill.EventLog.Event;
import dev.switchgear.guard.Board;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.QueueState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Sees what Switchgear publishes and what the shop's guards obey, as an outsider would: committed
 * records only. Thread-safe.
 */
final class Watch implements AutoCloseable {

  private final Set<String> breakers;
  private final Map<String, Board> boards;
  private final EventLog<BreakerState> states = new EventLog<>();
  private final EventLog<Obeyed> obeyed = new EventLog<>();
  private final EventLog<QueueState> queues = new EventLog<>();
  private final List<TopicFollower<?>> followers = new ArrayList<>();
  private final Consumer<BreakerTransition> onTransition;

  /** What is read before that has happened before. */
  private volatile boolean live;

  private record Obeyed(String instance, BreakerState state) {
    private boolean isBy(String wantedInstance, String breaker, long epoch) {
      return instance.equals(wantedInstance)
          && state.getBreaker().equals(breaker)
          && state.getEpoch() >= epoch;
    }
  }

  private Watch(
      Set<String> breakers, Map<String, Board> boards, Consumer<BreakerTransition> onTransition) {
    this.breakers = breakers;
    this.boards = boards;
    this.onTransition = onTransition;
  }

  /**
   * Starts to watch.
   *
   * @param boards of the guards, by instance
   * @param onTransition told of every transition from now on
   */
  static Watch start(
      Map<String, Object> kafka,
      Set<String> breakers,
      Map<String, Board> boards,
      Consumer<BreakerTransition> onTransition) {
    Watch watch = new Watch(breakers, boards, onTransition);
    Records records = Records.builtInOnly();
    watch.follow(Topics.BREAKER_STATE, kafka, records, watch::seen);
    watch.follow(Topics.BREAKER_TRANSITIONS, kafka, records, watch::seen);
    watch.follow(Topics.QUEUE_STATE, kafka, records, watch.queues::add);
    boards.forEach(
        (instance, board) ->
            board.onChange(state -> watch.obeyed.add(new Obeyed(instance, state))));
    return watch;
  }

  private <V extends SpecificRecord> void follow(
      Topic<V> topic, Map<String, Object> kafka, Records records, Consumer<V> seen) {
    followers.add(
        TopicFollower.start(
            topic,
            kafka,
            records,
            (record, value) -> {
              if (value != null) {
                seen.accept(value);
              }
            }));
  }

  private void seen(BreakerState state) {
    if (breakers.contains(state.getBreaker())) {
      states.add(state);
    }
  }

  private void seen(BreakerTransition transition) {
    if (live && breakers.contains(transition.getBreaker())) {
      onTransition.accept(transition);
    }
  }

  /** Waits until all that had been published before has been seen. */
  boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (TopicFollower<?> follower : followers) {
      if (!follower.awaitCaughtUp(Duration.ofNanos(deadline - System.nanoTime()))) {
        return false;
      }
    }
    live = true;
    return true;
  }

  /** The first time a breaker is seen in a state, above an epoch and from the given moment on. */
  Optional<Event<BreakerState>> awaitState(
      String breaker, State wanted, long aboveEpoch, long sinceNanos, Duration timeout)
      throws InterruptedException {
    return states.awaitFirst(
        sinceNanos,
        state ->
            state.getBreaker().equals(breaker)
                && state.getState() == wanted
                && state.getEpoch() > aboveEpoch,
        timeout);
  }

  /**
   * How long after the given moment the last guard obeyed a breaker's epoch or a later one.
   *
   * @return empty if a guard did not within the timeout
   */
  Optional<Duration> awaitObeyed(String breaker, long epoch, long sinceNanos, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    long longest = 0;
    for (String instance : boards.keySet()) {
      Optional<Event<Obeyed>> first =
          obeyed.awaitFirst(
              sinceNanos,
              each -> each.isBy(instance, breaker, epoch),
              Duration.ofNanos(deadline - System.nanoTime()));
      if (first.isEmpty()) {
        return Optional.empty();
      }
      longest = Math.max(longest, first.get().atNanos() - sinceNanos);
    }
    return Optional.of(Duration.ofNanos(longest));
  }

  /** Waits until nothing of a queue is parked; false if that takes too long. */
  boolean awaitDrained(String queue, Duration timeout) throws InterruptedException {
    return queues.awaitNewest(
        state -> state.getQueue().equals(queue), state -> state.getParked() == 0, timeout);
  }

  /** What was last seen of a breaker; empty if nothing was ever published. */
  Optional<BreakerState> state(String breaker) {
    return states.newest(state -> state.getBreaker().equals(breaker));
  }

  /** What was last seen of a queue; empty if nothing was ever published. */
  Optional<QueueState> queue(String queue) {
    return queues.newest(state -> state.getQueue().equals(queue));
  }

  @Override
  public void close() {
    followers.forEach(TopicFollower::close);
  }
}
