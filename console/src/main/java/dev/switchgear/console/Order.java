package dev.switchgear.console;

import static java.util.Objects.requireNonNullElse;

import dev.switchgear.console.view.BoardTable;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends one operator's command to a breaker that exists, and waits until it is obeyed. */
final class Order {

  private static final int WRITTEN_WITHIN_MILLIS = 10_000;
  private static final Duration OBEYED_WITHIN = Duration.ofSeconds(10);

  private final Shell shell;
  private final Cluster cluster;

  Order(Shell shell, Cluster cluster) {
    this.shell = shell;
    this.cluster = cluster;
  }

  /**
   * Sends it.
   *
   * @param untilMillis when a hold ends, 0 for a release
   * @param obeyed what the breaker's state is then
   */
  int give(
      String breaker,
      CommandKind kind,
      Signature by,
      long untilMillis,
      Predicate<BreakerState> obeyed)
      throws InterruptedException {
    try (BoardReader board = BoardReader.open(cluster)) {
      Optional<BreakerState> before = published(breaker, board);
      boolean held = before.isPresent() && !obeyed.test(before.get());
      if (kind == CommandKind.RELEASE && !held) {
        shell.say(breaker + " is not held.");
        return ExitCode.DONE;
      }
      write(
          OperatorCommand.newBuilder()
              .setId(UUID.randomUUID().toString())
              .setBreaker(breaker)
              .setKind(kind)
              .setWho(by.who())
              .setWhy(by.why())
              .setIssuedAtMillis(System.currentTimeMillis())
              .setUntilMillis(untilMillis)
              .build());
      BreakerState state = board.await(breaker, obeyed, OBEYED_WITHIN);
      if (state == null) {
        throw ConsoleException.failed(
            "The command is on "
                + Topics.COMMANDS.name()
                + ", but no detector has obeyed it within "
                + OBEYED_WITHIN.toSeconds()
                + " s\n"
                + (before.isPresent()
                    ? "It holds once one does. Does a detector run?"
                    : "Is that instance judged apart (split: [instance]), and has it called within"
                        + " ten minutes? Else the command was refused, and lies in "
                        + Topics.DEAD_LETTERS),
            null);
      }
      shell.say(BoardTable.change(state, shell.terminal().style()));
      return ExitCode.DONE;
    }
  }

  /** Empty for an instance of which there was nothing to publish yet. */
  private static Optional<BreakerState> published(String breaker, BoardReader board) {
    Optional<BreakerState> state = Optional.ofNullable(board.state(breaker));
    boolean callsAWhole =
        BreakerId.isInstance(breaker) && board.state(BreakerId.whole(breaker)) != null;
    if (state.isEmpty() && !callsAWhole) {
      throw ConsoleException.wrongUsage(board.unknown(breaker), null);
    }
    return state;
  }

  private void write(OperatorCommand command) throws InterruptedException {
    Map<String, Object> config = cluster.clients();
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, WRITTEN_WITHIN_MILLIS);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, WRITTEN_WITHIN_MILLIS);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, WRITTEN_WITHIN_MILLIS);
    try (KafkaProducer<String, OperatorCommand> producer =
        new KafkaProducer<>(
            config,
            new StringSerializer(),
            Records.builtInOnly().serializer(OperatorCommand.class))) {
      producer
          .send(new ProducerRecord<>(Topics.COMMANDS.name(), command.getBreaker(), command))
          .get();
    } catch (ExecutionException e) {
      throw ConsoleException.failed(
          "The command was not written to "
              + Topics.COMMANDS.name()
              + ": "
              + requireNonNullElse(e.getCause(), e).getMessage(),
          e);
    }
  }
}
