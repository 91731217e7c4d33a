package dev.switchgear.adapters.jdbc;

import dev.switchgear.adapters.Attempt;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A connection, which is taken from its lane's pool when it is first needed: until then it may
 * become one that reads.
 */
final class ConnectionCalls extends Calls {

  private static final String NO_CONNECTION = "08003";

  private final Lane reads;
  private final Lane writes;
  private final @Nullable Login login;

  /** The lane that a connection was taken from and is to be given back to. */
  private final AtomicReference<@Nullable Lane> taken = new AtomicReference<>();

  private volatile @Nullable Boolean readOnly;
  private volatile @Nullable Connection real;
  private volatile boolean closed;

  /** Whether the next statement is part of what was admitted. */
  private volatile boolean admitted;

  ConnectionCalls(Lane reads, Lane writes, @Nullable Login login) {
    this.reads = reads;
    this.writes = writes;
    this.login = login;
  }

  @Override
  @Nullable Object called(Object proxy, Method method, @Nullable Object[] arguments)
      throws Throwable {
    return real == null
        ? calledUnconnected(proxy, method, arguments)
        : calledConnected(proxy, method, arguments);
  }

  private @Nullable Object calledUnconnected(
      Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "close", "abort" -> closed = true;
      case "isClosed" -> {
        return closed;
      }
      case "isReadOnly" -> {
        checkOpen();
        return Boolean.TRUE.equals(readOnly);
      }
      case "setReadOnly" -> {
        checkOpen();
        readOnly = (Boolean) arguments[0];
      }
      default -> {
        connect();
        return calledConnected(proxy, method, arguments);
      }
    }
    return null;
  }

  private @Nullable Object calledConnected(
      Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "createStatement" -> statement(Statement.class, proxy, method, arguments);
      case "prepareStatement" -> statement(PreparedStatement.class, proxy, method, arguments);
      case "prepareCall" -> statement(CallableStatement.class, proxy, method, arguments);
      case "commit", "rollback" -> {
        admitted &= arguments.length > 0; // To a savepoint: the transaction goes on.
        yield asked(method, arguments, "");
      }
      case "close", "abort" -> close(method, arguments);
      default -> ask(real(), method, arguments);
    };
  }

  private <S extends Statement> S statement(
      Class<S> type, Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
    boolean prepared = type != Statement.class;
    String sql = prepared ? Objects.requireNonNullElse((String) arguments[0], "") : "";
    Statement made = (Statement) Objects.requireNonNull(asked(method, arguments, sql));
    return proxy(type, new StatementCalls(this, (Connection) proxy, made, sql));
  }

  /** That it failed is counted, although it is no statement: pools give away dead connections. */
  private @Nullable Object asked(Method method, @Nullable Object[] arguments, String sql)
      throws Throwable {
    try {
      return ask(real(), method, arguments);
    } catch (SQLException e) {
      if (!closed && SqlErrors.isFailure(e) && !SqlErrors.saysNothing(e)) {
        lane().guards().further(sql).failure(SqlErrors.type(e));
      }
      throw e;
    }
  }

  private @Nullable Object close(Method method, @Nullable Object[] arguments) throws Throwable {
    closed = true;
    try {
      return ask(real(), method, arguments);
    } finally {
      Lane lane = taken.getAndSet(null);
      if (lane != null) {
        lane.closed();
      }
    }
  }

  private void connect() throws SQLException {
    checkOpen();
    Lane lane = lane();
    Connection connection = lane.connect(login);
    taken.set(lane);
    real = connection;
    admitted = true;
    Boolean wanted = readOnly;
    if (wanted != null) {
      connection.setReadOnly(wanted);
    }
  }

  private Lane lane() {
    Lane lane = taken.get();
    if (lane != null) {
      return lane;
    }
    return Boolean.TRUE.equals(readOnly) ? reads : writes;
  }

  private Connection real() {
    return Objects.requireNonNull(real, "connected before");
  }

  private void checkOpen() throws SQLException {
    if (closed) {
      throw new SQLNonTransientConnectionException("the connection is closed", NO_CONNECTION);
    }
  }

  /** Decides a statement: a transaction is admitted once. */
  Attempt admit(String sql) throws SQLException {
    Attempt attempt = admitted ? lane().guards().further(sql) : lane().guards().attempt(sql);
    SqlRefusedException.unlessRefused(attempt);
    admitted = true;
    return attempt;
  }

  /** A statement has ended, and with it what was admitted, unless a transaction goes on. */
  void executed() {
    try {
      admitted = !real().getAutoCommit();
    } catch (SQLException e) { // It is broken, and has told so already.
      admitted = false;
    }
  }

  @Override
  public String toString() {
    return real == null ? "a connection that is not needed yet" : "guarded " + real;
  }
}
