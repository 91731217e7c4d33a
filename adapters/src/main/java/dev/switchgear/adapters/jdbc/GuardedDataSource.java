package dev.switchgear.adapters.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A {@code DataSource} whose connections and statements are made only if their breakers let them.
 * Thread-safe; its connections are as thread-safe as those of the pool.
 *
 * <pre>{@code
 * DataSource orders =
 *     GuardedDataSource.of(
 *         Lane.of(replicas, Guards.named(gear, "orders-db/read")).connections(20),
 *         Lane.of(primary, Guards.named(gear, "orders-db/write")).connections(10));
 * }</pre>
 *
 * <p>A connection is for reading if it is made read-only before anything else is done with it, as
 * frameworks do for read-only transactions. So it is taken from its pool only when it is needed for
 * something; that is where it can be refused, or fail.
 *
 * <p>Each statement is decided and counted, by the SQL state where it failed; errors that are about
 * the statement, such as a violated constraint, are answers. A transaction is admitted once: while
 * only a share is let through, its further statements are not drawn again. Commit, rollback and
 * close always go through. What a guard and the caller leave of the time becomes the statement's
 * query timeout, in full seconds, as JDBC has it. Fetching rows is not counted.
 *
 * <p>A refusal is a {@link SqlRefusedException}. What is unwrapped is not guarded.
 */
public final class GuardedDataSource implements DataSource {

  private final Lane reads;
  private final Lane writes;

  private GuardedDataSource(Lane reads, Lane writes) {
    this.reads = reads;
    this.writes = writes;
  }

  /**
   * For both kinds of work.
   *
   * @param reads for connections that are read-only
   * @param writes for all others
   */
  public static DataSource of(Lane reads, Lane writes) {
    return new GuardedDataSource(reads, writes);
  }

  @Override
  public Connection getConnection() {
    return connection(null);
  }

  @Override
  public Connection getConnection(String user, String password) {
    return connection(new Login(user, password));
  }

  private Connection connection(@Nullable Login login) {
    return Calls.proxy(Connection.class, new ConnectionCalls(reads, writes, login));
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return writes.pool().getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter writer) throws SQLException {
    writes.pool().setLogWriter(writer);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return writes.pool().getLoginTimeout();
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    writes.pool().setLoginTimeout(seconds);
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return writes.pool().getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type.isInstance(writes.pool()) ? type.cast(writes.pool()) : writes.pool().unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(writes.pool()) || writes.pool().isWrapperFor(type);
  }
}
