package dev.switchgear.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Keeps log lines out of the way of what people look at. */
final class Logs {

  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n";

  private Logs() {}

  /** Undone by closing. */
  interface Muted extends AutoCloseable {
    @Override
    void close();
  }

  /** OpenTelemetry and the JDK log with java.util.logging, which would write past logback. */
  static void adoptJavaLogging() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /**
   * Silences a logger and all below it, for a moment in which it has nothing to say that is not
   * said better otherwise.
   */
  static Muted mute(String name) {
    Logger logger = context().getLogger(name);
    @Nullable Level before = logger.getLevel();
    logger.setLevel(Level.OFF);
    return () -> logger.setLevel(before);
  }

  /** Sends everything to a file until closed, so that nothing tears a window. */
  static Muted toFile(Path file) {
    Logger root = context().getLogger(Logger.ROOT_LOGGER_NAME);
    List<Appender<ILoggingEvent>> before = new ArrayList<>();
    root.iteratorForAppenders().forEachRemaining(before::add);
    Appender<ILoggingEvent> toFile = fileAppender(file);
    before.forEach(root::detachAppender);
    root.addAppender(toFile);
    return () -> {
      before.forEach(root::addAppender);
      root.detachAppender(toFile);
      toFile.stop();
    };
  }

  private static Appender<ILoggingEvent> fileAppender(Path file) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context());
    encoder.setPattern(PATTERN);
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context());
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.addFilter(new Noise());
    appender.start();
    return appender;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
