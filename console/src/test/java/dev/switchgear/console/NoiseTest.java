package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoiseTest {

  private static final String SENDER = "org.apache.kafka.clients.producer.internals.Sender";
  private static final String REPLICAS = "kafka.server.ReplicaManager";
  private static final String RETRYING =
      "Got error produce response with correlation id 3 on topic-partition orders-1, retrying"
          + " (2147483646 attempts left). Error: ";
  private static final String WITH_TRANSACTIONS = "[Producer clientId=p, transactionalId=t] ";
  private static final String APPEND =
      "[ReplicaManager broker=1] Error processing append operation on partition orders-1";

  private final Noise noise = new Noise();

  @Test
  void aTransactionThatIsTriedAgainIsNoise() {
    assertThat(sent(WITH_TRANSACTIONS + RETRYING + "CONCURRENT_TRANSACTIONS"))
        .isEqualTo(FilterReply.DENY);
    assertThat(sent(WITH_TRANSACTIONS + RETRYING + "OUT_OF_ORDER_SEQUENCE_NUMBER"))
        .isEqualTo(FilterReply.DENY);
    assertThat(
            reply(
                REPLICAS,
                APPEND,
                new OutOfOrderSequenceException(
                    "Invalid sequence number for producer 5 at offset 518 in partition orders-1: 2"
                        + " (incoming seq. number). Expected sequence 0 for transactions v2"
                        + " idempotent producer with no existing state.")))
        .isEqualTo(FilterReply.DENY);
  }

  @Test
  void whatElseTheSameClassesSayIsNone() {
    assertThat(sent(WITH_TRANSACTIONS + RETRYING + "NOT_ENOUGH_REPLICAS"))
        .isEqualTo(FilterReply.NEUTRAL);
    assertThat(sent(WITH_TRANSACTIONS + "Too large. Error: CONCURRENT_TRANSACTIONS"))
        .isEqualTo(FilterReply.NEUTRAL);
    assertThat(reply(REPLICAS, APPEND, new KafkaStorageException("no space left on device")))
        .isEqualTo(FilterReply.NEUTRAL);
    assertThat(reply(REPLICAS, APPEND, null)).isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void aGapInWhatIsSentWithoutTransactionsIsNone() {
    assertThat(sent("[Producer clientId=p] " + RETRYING + "OUT_OF_ORDER_SEQUENCE_NUMBER"))
        .isEqualTo(FilterReply.NEUTRAL);
    assertThat(
            reply(
                REPLICAS,
                APPEND,
                new OutOfOrderSequenceException(
                    "Out of order sequence number for producer 5 at offset 9 in partition orders-1:"
                        + " 7 (incoming seq. number), 4 (current end sequence number)")))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void whatKafkaSaysWheneverItStartsIsNoise_ofTheClassThatSaysIt() {
    String activation =
        "[QuorumController id=1] Performing controller activation. Loaded 0 records";

    assertThat(reply("org.apache.kafka.controller.QuorumController", activation, null))
        .isEqualTo(FilterReply.DENY);
    assertThat(reply("org.apache.kafka.controller.Another", activation, null))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  private FilterReply sent(String message) {
    return reply(SENDER, message, null);
  }

  private FilterReply reply(String logger, String message, @Nullable Throwable thrown) {
    LoggerContext context = new LoggerContext();
    return noise.decide(
        new LoggingEvent("", context.getLogger(logger), Level.WARN, message, thrown, null));
  }
}
