package dev.switchgear.adapters.jdbc;

import dev.switchgear.guard.Refused;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose doing an {@code SQLException} is. JDBC has classes for that, which not all drivers use, and
 * SQL has states: those that the standard names are about the statement, its data and its
 * transaction, except class 08, connections; those that vendors name (57, 58, HY, XX) are mostly
 * about the server.
 */
final class SqlErrors {

  private static final String CONNECTIONS = "08";

  /** PostgreSQL's for what procedures raise: whoever wrote them says that, not the server. */
  private static final String RAISED = "P0";

  /** What is asked for is locked or in use; by other statements, and so for a while. */
  private static final String IN_USE = "55";

  /** Oracle's for what procedures raise, among other errors. */
  private static final String ORACLE_RAISED = "72000";

  private static final int ORACLE_RAISED_FIRST = 20_000;
  private static final int ORACLE_RAISED_LAST = 20_999;

  /** Causes that are looked at; as many as anybody would read. */
  private static final int CAUSES = 16;

  /** What SQL Server's driver has for the standard's class 42. */
  private static final String OBJECTS_OF_X_OPEN = "S0";

  private SqlErrors() {}

  /** Whether it is the database that failed; else it answered. */
  static boolean isFailure(SQLException thrown) {
    if (thrown instanceof SQLNonTransientConnectionException) {
      return true;
    }
    return !(thrown instanceof SQLNonTransientException)
        && !isRaisedInOracle(thrown)
        && isServers(thrown.getSQLState());
  }

  /**
   * Whether the database was not asked at all, or not waited for: by a guard that refused, by a
   * driver that cannot do it, or because the caller was interrupted.
   */
  static boolean saysNothing(SQLException thrown) {
    return thrown instanceof SQLFeatureNotSupportedException
        || Refused.isCauseOf(thrown)
        || Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause)
            .limit(CAUSES)
            .anyMatch(InterruptedException.class::isInstance);
  }

  private static boolean isRaisedInOracle(SQLException thrown) {
    int code = thrown.getErrorCode();
    return ORACLE_RAISED.equals(thrown.getSQLState())
        && code >= ORACLE_RAISED_FIRST
        && code <= ORACLE_RAISED_LAST;
  }

  private static boolean isServers(@Nullable String state) {
    if (state == null || state.isEmpty() || state.startsWith(CONNECTIONS)) {
      return true;
    }
    boolean standard = state.charAt(0) >= '0' && state.charAt(0) <= '4';
    return !standard && Stream.of(OBJECTS_OF_X_OPEN, RAISED, IN_USE).noneMatch(state::startsWith);
  }

  /** As OpenTelemetry names errors of databases: by the state, or else by the class. */
  static String type(SQLException thrown) {
    String state = thrown.getSQLState();
    return state == null || state.isBlank() ? thrown.getClass().getSimpleName() : state;
  }
}
