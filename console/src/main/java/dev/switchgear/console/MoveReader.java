package dev.switchgear.console;

import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Every move of one breaker that Kafka still has. */
final class MoveReader {

  private static final Duration READ_WITHIN = Duration.ofSeconds(60);

  private MoveReader() {}

  /** By epoch. The topic is read to its end; what it holds of other breakers is passed over. */
  static List<BreakerTransition> read(Cluster cluster, String breaker) throws InterruptedException {
    Map<String, Object> kafka = cluster.clients();
    kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    Records records = new Records(SchemaDirectory.onCluster(kafka));
    Map<Long, BreakerTransition> moves = new ConcurrentSkipListMap<>();
    try (var follower =
        TopicFollower.<BreakerTransition>start(
            Topics.BREAKER_TRANSITIONS,
            kafka,
            records,
            (record, move) -> {
              if (move != null && move.getBreaker().equals(breaker)) {
                moves.put(move.getEpoch(), move);
              }
            })) {
      if (!follower.awaitCaughtUp(READ_WITHIN)) {
        throw ConsoleException.failed(
            "Kafka at "
                + cluster.bootstrapServers()
                + " did not give "
                + Topics.BREAKER_TRANSITIONS.name()
                + " within "
                + READ_WITHIN.toSeconds()
                + " s. Are all its brokers up?",
            null);
      }
    }
    return List.copyOf(moves.values());
  }
}
