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
   * @param cause what it says besides, itself or by its exception; empty for whatever it is
   */
  private record Line(String logger, String beginning, String cause) {

    Line(String logger, String beginning) {
      this(logger, beginning, "");
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
          // A transaction begins before the markers of the last one are written, and is tried
          // again;
          // so is what was on its way behind it. What is given up is told by whoever gives it up.
          new Line("Sender", "Got error produce response", "Error: CONCURRENT_TRANSACTIONS"),
          new Line("Sender", "Got error produce response", "Error: OUT_OF_ORDER_SEQUENCE_NUMBER"),
          new Line(
              "ReplicaManager",
              "Error processing append operation",
              "org.apache.kafka.common.errors.OutOfOrderSequenceException"),
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
        && (message.contains(line.cause()) || line.cause().equals(thrown(event)));
  }

  private static String thrown(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null ? "" : thrown.getClassName();
  }
}
