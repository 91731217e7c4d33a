package dev.switchgear.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/**
 * Drops the warnings that Kafka writes when it starts, stops or tries again as it should. A warning
 * that says always the same teaches people not to read warnings. Made by logback, hence public.
 */
public final class Noise extends Filter<ILoggingEvent> {

  /**
   * A line that means nothing.
   *
   * @param logger the class that writes it
   * @param beginning how it begins
   * @param besides what else it says, itself or by its exception
   */
  private record Line(String logger, String beginning, List<String> besides) {

    Line(String logger, String beginning, String... besides) {
      this(logger, beginning, List.of(besides));
    }
  }

  private static final List<Line> LINES =
      List.of(
          // A new controller of a new cluster.
          new Line("QuorumController", "Performing controller activation"),
          // Several producers begin their first transactions at once.
          new Line(
              "DefaultAutoTopicCreationManager",
              "Auto topic creation failed for __transaction_state with error 'TOPIC_ALREADY_EXISTS'"),
          // A single instance has nobody to stand by; the next one that starts will.
          new Line("DefaultStandbyTaskAssignor", "Unable to assign"),
          // Streams reads its configuration in parts, and complains of each that lacks this one.
          new Line("StreamsConfig", "Processing exception handler is not enabled for the Global"),
          // A state directory that is temporary on purpose.
          new Line("StateDirectory", "Using an OS temp directory"),
          // The global store has read its topic to the end.
          new Line("OffsetFetcherUtils", "Not updating last stable offset"),
          // A transaction begins before the markers of the last one are written: it is tried again,
          // and what was on its way behind it as well. What fails for good ends the transaction,
          // and
          // is told by whoever made it. Without transactions the same line may tell of a loss.
          new Line(
              "Sender",
              "Got error produce response",
              "transactionalId=",
              "Error: CONCURRENT_TRANSACTIONS"),
          new Line(
              "Sender",
              "Got error produce response",
              "transactionalId=",
              "Error: OUT_OF_ORDER_SEQUENCE_NUMBER"),
          new Line(
              "ReplicaManager",
              "Error processing append operation",
              "Expected sequence 0 for transactions v2 idempotent producer with no existing state"),
          // The broker closes the channel to its controller twice.
          new Line(
              "NetworkClient", "Attempting to close NetworkClient that has already been closed"));

  @Override
  public FilterReply decide(ILoggingEvent event) {
    return LINES.stream().anyMatch(line -> isThat(line, event))
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }

  /** Kafka puts its log context in brackets before the message. */
  private static boolean isThat(Line line, ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return event.getLoggerName().endsWith("." + line.logger())
        && message.replaceFirst("^\\[[^]]*] ", "").startsWith(line.beginning())
        && line.besides().stream().allMatch((message + thrown(event))::contains);
  }

  private static String thrown(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null ? "" : "\n" + thrown.getMessage();
  }
}
