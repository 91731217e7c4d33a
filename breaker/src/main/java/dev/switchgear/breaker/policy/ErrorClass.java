package dev.switchgear.breaker.policy;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names for families of error types, so that a policy need not list what every client library calls
 * the same thing. An error type is what OpenTelemetry's {@code error.type} holds: an HTTP status
 * code as text, the name of an exception's class with or without its package, a gRPC status, an
 * SQLSTATE.
 *
 * @see <a href="https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto">gRPC
 *     statuses as HTTP codes</a>
 */
public enum ErrorClass {

  /**
   * HTTP status codes that are the caller's own doing, and the gRPC statuses that mean the same.
   * Neither 408 nor 429 is, nor {@code RESOURCE_EXHAUSTED}: they say that the dependency does not
   * keep up.
   */
  CLIENT_ERROR(
      "4xx",
      "4\\d\\d(?<!408|429)|invalid_argument|failed_precondition|out_of_range|unauthenticated"
          + "|permission_denied|not_found|already_exists|aborted"),

  /** HTTP status codes that are the dependency's, and the gRPC statuses that mean the same. */
  SERVER_ERROR(
      "5xx", "5\\d\\d|unknown|internal|unimplemented|unavailable|deadline_exceeded|data_loss"),

  /**
   * What a database answers to a statement that it cannot execute: SQLSTATE 22 (data), 23
   * (constraints), 42 (syntax, names and rights) and 40 (the transaction met another), as far as
   * SQL Server has no numbers of its own there, which say that it is busy; JDBC's exceptions that
   * mean the same.
   */
  STATEMENT(
      "sql-statement",
      "2[23][0-9a-z]{3}|42(00[01]|[a-z][0-9a-z]{2}|[5-9][0-9a-z]{2})|4000[12]|40p01"
          + "|sql(data|integrityconstraintviolation|syntaxerror|transactionrollback)exception"),

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
