package dev.switchgear.breaker.policy;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names for families of error types, so that a policy need not list what every client library calls
 * the same thing. An error type is what OpenTelemetry's {@code error.type} holds: an HTTP status
 * code as text, the name of an exception's class with or without its package, a gRPC status.
 */
public enum ErrorClass {

  /**
   * HTTP status codes that are the caller's own doing. Neither 408 nor 429 is: both say that the
   * dependency does not keep up.
   */
  CLIENT_ERROR("4xx", "4\\d\\d(?<!408|429)"),

  /** HTTP status codes that are the dependency's. */
  SERVER_ERROR("5xx", "5\\d\\d"),

  /**
   * The caller no longer wanted an answer. {@code TaskCanceledException} and {@code
   * OperationCanceledException} are not among them: .NET throws them for timeouts as well.
   */
  CANCELLED(
      "cancelled",
      "cancell?ed|(job)?cancellationexception|cancellederror|aborterror|interruptedexception"),

  /** Nobody listens at the dependency's address. */
  REFUSED(
      "refused",
      "(annotated|httphost)?connectexception|econnrefused|connectionrefused(error|exception)?"
          + "|connection_refused");

  private final String text;
  private final Pattern types;

  ErrorClass(String text, String types) {
    this.text = text;
    this.types = Pattern.compile(types);
  }

  /** As a policy names it. */
  public String text() {
    return text;
  }

  /**
   * Whether an error type is among those written: as it is, by its class name without package, or
   * by a family.
   */
  static boolean isAmong(Set<String> written, String errorType) {
    if (written.isEmpty()) {
      return false;
    }
    if (written.contains(errorType)) {
      return true;
    }
    String name = simple(errorType);
    return written.contains(name) || isInFamily(written, name.toLowerCase(Locale.ROOT));
  }

  private static boolean isInFamily(Set<String> written, String name) {
    for (ErrorClass each : values()) {
      if (written.contains(each.text) && each.types.matcher(name).matches()) {
        return true;
      }
    }
    return false;
  }

  private static String simple(String errorType) {
    int end = Math.max(errorType.lastIndexOf('.'), errorType.lastIndexOf('$'));
    return errorType.substring(end + 1);
  }

  @Override
  public String toString() {
    return text;
  }
}
