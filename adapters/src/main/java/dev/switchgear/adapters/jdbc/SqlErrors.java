package dev.switchgear.adapters.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;

/**
 * Whose doing an {@code SQLException} is. JDBC has classes for that, which not all drivers use, and
 * SQL has states: those that the standard names are about the statement, its data and its
 * transaction, except class 08, connections; those that vendors name (57, 58, HY, XX) are mostly
 * about the server.
 */
final class SqlErrors {

  private static final String CONNECTIONS = "08";

  /** What SQL Server's driver has for the standard's class 42. */
  private static final String OBJECTS_OF_X_OPEN = "S0";

  private SqlErrors() {}

  /** Whether it is the database that failed; else it answered. */
  static boolean isFailure(SQLException thrown) {
    if (thrown instanceof SQLNonTransientConnectionException) {
      return true;
    }
    return !(thrown instanceof SQLNonTransientException) && isServers(thrown.getSQLState());
  }

  private static boolean isServers(@Nullable String state) {
    if (state == null || state.isEmpty() || state.startsWith(CONNECTIONS)) {
      return true;
    }
    boolean standard = state.charAt(0) >= '0' && state.charAt(0) <= '4';
    return !standard && !state.startsWith(OBJECTS_OF_X_OPEN);
  }

  /** As OpenTelemetry names errors of databases: by the state, or else by the class. */
  static String type(SQLException thrown) {
    String state = thrown.getSQLState();
    return state == null || state.isBlank() ? thrown.getClass().getSimpleName() : state;
  }
}
