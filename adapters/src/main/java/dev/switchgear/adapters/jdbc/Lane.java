package dev.switchgear.adapters.jdbc;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What connections of one kind, those that read or those that write, come from and are guarded by.
 * Thread-safe.
 */
public final class Lane {

  private static final int MOST = 10_000;

  private final DataSource pool;
  private final Guards<String> guards;
  private final int connections;
  private final Semaphore free;

  private Lane(DataSource pool, Guards<String> guards, int connections) {
    this.pool = pool;
    this.guards = guards;
    this.connections = connections;
    this.free = new Semaphore(connections);
  }

  /**
   * A lane without a limit of its own.
   *
   * @param pool where connections come from; two lanes may have one pool
   * @param guards decide each statement by its SQL, and each connection by the empty string; their
   *     limits are for statements alone
   */
  public static Lane of(DataSource pool, Guards<String> guards) {
    return new Lane(pool, guards, MOST);
  }

  /**
   * At most so many connections are in use at a time, from their first use until they are closed;
   * the next is refused at once. Where two lanes share a pool, what is left is the other's.
   *
   * @param connections 1..10,000
   */
  public Lane connections(int connections) {
    if (connections < 1 || connections > MOST) {
      throw new IllegalArgumentException(
          "connections: %d (expected: 1..%d)".formatted(connections, MOST));
    }
    return new Lane(pool, guards, connections);
  }

  DataSource pool() {
    return pool;
  }

  Guards<String> guards() {
    return guards;
  }

  /** Connections in use. */
  int inUse() {
    return connections - free.availablePermits();
  }

  /**
   * A connection, which is to be given back by {@link #closed}. That there is one says little of
   * the dependency, as it mostly comes from the pool; that there is none is a failure. No limit is
   * asked: the statement that follows is the call. How long it may take, the pool says.
   */
  Connection connect(@Nullable Login login) throws SQLException {
    Attempt attempt = SqlRefusedException.unlessRefused(guards.unlimited(""));
    if (!free.tryAcquire()) {
      throw new SqlRefusedException(full(attempt));
    }
    try {
      Connection connection = login == null ? pool.getConnection() : login.connect(pool);
      attempt.cancelled();
      return connection;
    } catch (SQLException e) {
      free.release();
      count(attempt, e);
      throw e;
    } catch (Throwable e) {
      free.release();
      attempt.thrown(e);
      throw e;
    }
  }

  private static void count(Attempt attempt, SQLException thrown) {
    if (SqlErrors.saysNothing(thrown)) {
      attempt.cancelled();
    } else {
      attempt.failure(SqlErrors.type(thrown));
    }
  }

  private Refusal full(Attempt attempt) {
    return attempt.refuse(Stage.BULKHEAD, connections + " connections are in use");
  }

  /** A connection is no longer in use. */
  void closed() {
    free.release();
  }
}
