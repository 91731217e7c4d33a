package dev.switchgear.schemas.streams;

import org.jspecify.annotations.Nullable;

/** A record that can't be used. It goes to dead letters with this message; the stream goes on. */
public final class BadRecordException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BadRecordException(String message) {
    this(message, null);
  }

  public BadRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
