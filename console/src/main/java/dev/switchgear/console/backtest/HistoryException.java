package dev.switchgear.console.backtest;

import org.jspecify.annotations.Nullable;

/** History that cannot be read. The message names file, line, value and what was expected. */
public final class HistoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HistoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
