package dev.switchgear.adapters.jdbc;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.guard.Deadline;
import io.opentelemetry.context.Scope;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A statement, decided and counted each time it is executed. */
final class StatementCalls extends Calls {

  private static final int UNLIMITED = 0;
  private static final int LONGEST_SECONDS = 86_400;

  private final ConnectionCalls calls;
  private final Connection connection;
  private final Statement real;
  private final String prepared;
  private volatile boolean cancelled;

  /**
   * Of a connection.
   *
   * @param prepared its SQL; empty if that is told with each execution
   */
  StatementCalls(ConnectionCalls calls, Connection connection, Statement real, String prepared) {
    this.calls = calls;
    this.connection = connection;
    this.real = real;
    this.prepared = prepared;
  }

  @Override
  @Nullable Object called(Object proxy, Method method, @Nullable Object[] arguments)
      throws Throwable {
    return switch (method.getName()) {
      case "execute",
          "executeQuery",
          "executeUpdate",
          "executeLargeUpdate",
          "executeBatch",
          "executeLargeBatch" ->
          execute(method, arguments);
      case "cancel" -> cancel(method, arguments);
      case "getConnection" -> connection;
      default -> ask(real, method, arguments);
    };
  }

  private @Nullable Object cancel(Method method, @Nullable Object[] arguments) throws Throwable {
    cancelled = true;
    return ask(real, method, arguments);
  }

  private @Nullable Object execute(Method method, @Nullable Object[] arguments) throws Throwable {
    boolean told = arguments.length > 0 && arguments[0] instanceof String;
    Attempt attempt = calls.admit(told ? (String) arguments[0] : prepared);
    cancelled = false;
    try {
      Object answer = executeInTime(attempt, method, arguments);
      attempt.success();
      return answer;
    } catch (SQLException e) {
      count(attempt, e);
      throw e;
    } catch (Throwable e) {
      attempt.thrown(e);
      throw e;
    } finally {
      calls.executed();
    }
  }

  private void count(Attempt attempt, SQLException thrown) {
    if (cancelled || SqlErrors.saysNothing(thrown)) {
      attempt.cancelled();
    } else if (SqlErrors.isFailure(thrown)) {
      attempt.failure(SqlErrors.type(thrown));
    } else {
      attempt.success();
    }
  }

  private @Nullable Object executeInTime(
      Attempt attempt, Method method, @Nullable Object[] arguments) throws Throwable {
    Deadline deadline = attempt.deadline().orElse(null);
    if (deadline == null) {
      return execute(attempt, method, arguments);
    }
    int own = real.getQueryTimeout();
    int left = seconds(deadline);
    if (own != UNLIMITED && own <= left) {
      return execute(attempt, method, arguments);
    }
    real.setQueryTimeout(left);
    try {
      return execute(attempt, method, arguments);
    } finally {
      restore(own);
    }
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  private @Nullable Object execute(Attempt attempt, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try (Scope scope = attempt.context().makeCurrent()) {
      return ask(real, method, arguments);
    }
  }

  private void restore(int seconds) throws SQLException {
    if (!real.isClosed()) {
      real.setQueryTimeout(seconds);
    }
  }

  /** Rounded up: 0 would be no limit. */
  private static int seconds(Deadline deadline) {
    long seconds = deadline.remaining().plusSeconds(1).minusNanos(1).toSeconds();
    return (int) Math.max(1, Math.min(LONGEST_SECONDS, seconds));
  }

  @Override
  public String toString() {
    return "guarded " + real;
  }
}
