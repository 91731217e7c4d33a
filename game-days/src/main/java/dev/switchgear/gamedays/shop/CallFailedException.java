package dev.switchgear.gamedays.shop;

import org.jspecify.annotations.Nullable;

/** A call to another service gave no usable answer. */
final class CallFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String errorType;
  private final boolean rejection;

  private CallFailedException(
      String errorType, boolean rejection, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.errorType = errorType;
    this.rejection = rejection;
  }

  /** No answer, or one that cannot be read. */
  static CallFailedException unanswered(
      String errorType, String message, @Nullable Throwable cause) {
    return new CallFailedException(errorType, false, message, cause);
  }

  /** An answer other than success. */
  static CallFailedException status(int status, String body) {
    boolean rejection = status >= 400 && status < 500;
    return new CallFailedException(
        Integer.toString(status), rejection, "status " + status + ": " + body, null);
  }

  /** What OpenTelemetry calls {@code error.type}: the status code, or one of a few names. */
  String errorType() {
    return errorType;
  }

  /** The callee is well and refuses this request for good: no failure of the callee. */
  boolean isRejection() {
    return rejection;
  }

  /** What a guard counts a failed call under; null where the callee is not to blame. */
  static @Nullable String errorTypeOf(Exception failure) {
    if (failure instanceof CallFailedException call) {
      return call.isRejection() ? null : call.errorType();
    }
    return failure.getClass().getSimpleName();
  }
}
