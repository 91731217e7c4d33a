package dev.switchgear.adapters.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.TestGear;
import io.opentelemetry.context.Scope;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class GuardedDataSourceTest {

  private static final String URL = "jdbc:h2:mem:orders;LOCK_TIMEOUT=100";
  private static final TestGear.Seen NOTHING = new TestGear.Seen(0, Map.of(), 0, 0);

  private final TestGear test = TestGear.of("checkout");
  private final JdbcConnectionPool pool = JdbcConnectionPool.create(URL, "sa", "");
  private final Lane reads = Lane.of(pool, Guards.named(test.gear(), "db/read"));
  private final Lane writes = Lane.of(pool, Guards.named(test.gear(), "db/write"));
  private final DataSource guarded = GuardedDataSource.of(reads, writes);
  private Connection keeper;

  @BeforeEach
  void open() throws SQLException {
    Pause.reset();
    keeper = DriverManager.getConnection(URL, "sa", "");
    execute(keeper, "create table orders(id int primary key, item varchar)");
    execute(keeper, "create alias pause for \"%s.pause\"".formatted(Pause.class.getName()));
  }

  @AfterEach
  void close() throws SQLException {
    execute(keeper, "shutdown");
    pool.dispose();
    test.close();
  }

  @Test
  void whatReadsAndWhatWrites_isCountedApart() throws SQLException {
    try (Connection writing = guarded.getConnection();
        Connection reading = readOnly(guarded)) {
      execute(writing, "insert into orders values (1, 'shoes')");
      try (PreparedStatement select = reading.prepareStatement("select item from orders");
          ResultSet rows = select.executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("shoes");
      }
    }

    assertThat(test.seen("db/write")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
    assertThat(test.seen("db/read")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
  }

  @Test
  void everyWayToExecute_isCounted() throws SQLException {
    try (Connection connection = guarded.getConnection();
        Statement plain = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement("insert into orders values (?, 'shoes')");
        CallableStatement call = connection.prepareCall("call pause(1)")) {
      plain.executeUpdate("insert into orders values (1, 'shoes')");
      plain.executeLargeUpdate("insert into orders values (2, 'shoes')");
      plain.addBatch("insert into orders values (3, 'shoes')");
      plain.executeBatch();
      insert.setInt(1, 4);
      insert.executeUpdate();
      insert.setInt(1, 5);
      insert.addBatch();
      insert.executeLargeBatch();
      call.execute();
      assertThat(plain.getConnection()).isSameAs(connection);
    }

    assertThat(test.seen("db/write").calls()).isEqualTo(6);
  }

  @Test
  void whileTheBreakerIsOpen_noConnectionIsTaken() throws SQLException {
    test.open("db/write");

    try (Connection writing = guarded.getConnection()) {
      assertThatThrownBy(writing::createStatement)
          .isInstanceOf(SQLTransientException.class)
          .isInstanceOfSatisfying(SqlRefusedException.class, GuardedDataSourceTest::isOfTheBreaker)
          .hasMessageStartingWith("db/write refused by breaker");
    }
    assertThat(pool.getActiveConnections()).isZero();
    try (Connection reading = readOnly(guarded)) {
      execute(reading, "select 1");
    }

    assertThat(test.seen("db/write").refusals()).isEqualTo(1);
    assertThat(test.seen("db/read").calls()).isEqualTo(1);
  }

  private static void isOfTheBreaker(SqlRefusedException refused) {
    assertThat(refused.refusal().stage()).isEqualTo(Stage.BREAKER);
    assertThat(refused.getStackTrace()).isEmpty();
    assertThat(refused.getSQLState()).isEqualTo("08000");
  }

  @Test
  void anOpenBreaker_refusesTheNextStatementOfATransactionButNotItsRollback() throws SQLException {
    try (Connection connection = guarded.getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "insert into orders values (1, 'shoes')");
      test.open("db/write");

      assertThatThrownBy(() -> execute(connection, "insert into orders values (2, 'shoes')"))
          .isInstanceOf(SqlRefusedException.class);
      connection.rollback();
    }

    assertThat(rows()).isZero();
  }

  @Test
  void whileAShareIsLetThrough_aTransactionIsAdmittedOnce() throws SQLException {
    try (Connection connection = guarded.getConnection()) {
      connection.setAutoCommit(false);
      test.recovering("db/write", 1);
      for (int i = 0; i < 20; i++) {
        execute(connection, "insert into orders values (%d, 'shoes')".formatted(i));
      }
      connection.commit();

      assertThatThrownBy(() -> execute(connection, "insert into orders values (20, 'shoes')"))
          .isInstanceOf(SqlRefusedException.class);
    }

    assertThat(rows()).isEqualTo(20);
  }

  @Test
  void whileAShareIsLetThrough_aConnectionsFirstStatementIsAdmittedWithIt() throws SQLException {
    try (Connection connection = guarded.getConnection();
        Statement statement = connection.createStatement()) {
      test.recovering("db/write", 1);
      statement.execute("insert into orders values (1, 'shoes')");

      assertThatThrownBy(() -> statement.execute("insert into orders values (2, 'shoes')"))
          .isInstanceOf(SqlRefusedException.class);
    }
  }

  @Test
  void writers_cannotTakeTheReadersConnections() throws SQLException {
    pool.setMaxConnections(3);
    Lane few = writes.connections(2);
    DataSource shared = GuardedDataSource.of(reads.connections(1), few);

    try (Connection first = shared.getConnection();
        Connection second = shared.getConnection();
        Connection third = shared.getConnection()) {
      execute(first, "insert into orders values (1, 'shoes')");
      execute(second, "insert into orders values (2, 'shoes')");
      assertThatThrownBy(() -> execute(third, "insert into orders values (3, 'shoes')"))
          .isInstanceOf(SqlRefusedException.class)
          .hasMessageContaining("db/write refused by bulkhead: 2 connections are in use");
      try (Connection reading = readOnly(shared)) {
        execute(reading, "select 1");
      }
      assertThat(few.inUse()).isEqualTo(2);
    }

    assertThat(few.inUse()).isZero();
    assertThat(test.seen("db/write").inFlight()).isZero();
  }

  @Test
  void aConnection_takesNothingOfTheRateOfItsStatements() throws SQLException {
    Guards<String> two = Guards.named(test.gear(), "db/write");
    DataSource limited =
        GuardedDataSource.of(reads, Lane.of(pool, two.rateLimit(RateLimit.perSecond(2))));

    for (int i = 0; i < 2; i++) {
      try (Connection connection = limited.getConnection()) {
        execute(connection, "insert into orders values (%d, 'shoes')".formatted(i));
      }
    }

    try (Connection connection = limited.getConnection()) {
      assertThatThrownBy(() -> execute(connection, "insert into orders values (2, 'shoes')"))
          .hasMessageContaining("refused by rate-limit");
    }
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void aConnectionThatIsNotNeeded_isNotTaken() throws SQLException {
    try (Connection connection = guarded.getConnection()) {
      connection.setReadOnly(true);
      assertThat(connection.isReadOnly()).isTrue();
      assertThat(connection.isClosed()).isFalse();
      assertThat(pool.getActiveConnections()).isZero();
    }

    assertThat(test.seen("db/read")).isEqualTo(NOTHING);
  }

  @Test
  void aClosedConnection_givesBackWhatItTookOnce() throws SQLException {
    Lane one = writes.connections(1);
    DataSource narrow = GuardedDataSource.of(reads, one);
    Connection connection = narrow.getConnection();
    execute(connection, "insert into orders values (1, 'shoes')");
    connection.close();
    connection.close();
    Connection unused = narrow.getConnection();
    unused.close();

    assertThat(one.inUse()).isZero();
    assertThat(unused.isClosed()).isTrue();
    assertThatThrownBy(unused::createStatement).hasMessage("the connection is closed");
    assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
    assertThat(test.seen("db/write").errors()).isEmpty();
  }

  @Test
  void errorsOfTheStatement_areAnswers() throws SQLException {
    try (Connection connection = guarded.getConnection()) {
      execute(connection, "insert into orders values (1, 'shoes')");
      assertThatThrownBy(() -> execute(connection, "insert into orders values (1, 'shoes')"))
          .isInstanceOf(SQLIntegrityConstraintViolationException.class);
      assertThatThrownBy(() -> execute(connection, "selec"))
          .isInstanceOf(SQLSyntaxErrorException.class);
    }

    assertThat(test.seen("db/write")).isEqualTo(new TestGear.Seen(3, Map.of(), 0, 0));
  }

  @Test
  void aDatabaseThatIsNotThere_isAnErrorByItsState() throws SQLException {
    JdbcDataSource gone = new JdbcDataSource();
    gone.setURL("jdbc:h2:tcp://127.0.0.1:1/gone");
    Lane lane = Lane.of(gone, Guards.<String>named(test.gear(), "db/write")).connections(1);
    DataSource source = GuardedDataSource.of(reads, lane);

    for (int i = 0; i < 2; i++) {
      try (Connection connection = source.getConnection()) {
        assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
      }
    }

    assertThat(test.seen("db/write")).isEqualTo(new TestGear.Seen(2, Map.of("90067", 2L), 0, 0));
    assertThat(lane.inUse()).isZero();
  }

  @Test
  void whatTheDatabaseWasNotAskedFor_isNoError() throws SQLException {
    for (SQLException nothing :
        List.of(
            new SQLException("interrupted", new InterruptedException()),
            new SQLException("refused within", new CallRefusedException(refusal())),
            new SQLFeatureNotSupportedException())) {
      Lane lane = Lane.of(failing(nothing), Guards.named(test.gear(), "db/write"));
      try (Connection connection = GuardedDataSource.of(reads, lane).getConnection()) {
        assertThatThrownBy(connection::createStatement).isSameAs(nothing);
      }
    }

    assertThat(test.seen("db/write")).isEqualTo(NOTHING);
  }

  private static Refusal refusal() {
    Duration later = Duration.ofMillis(100);
    return new Refusal(Stage.BREAKER, "replica", 1, "it is down", later, List.of(), null);
  }

  /** No pool of the tests is interrupted while it is asked. */
  private static DataSource failing(SQLException thrown) {
    return (DataSource)
        Proxy.newProxyInstance(
            GuardedDataSourceTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              throw thrown;
            });
  }

  @Test
  void aGuardWithin_thatRefusesAStatement_isNoErrorOfTheOuterOne() throws SQLException {
    Lane outer = Lane.of(guarded, Guards.named(test.gear(), "db"));
    test.open("db/write");

    try (Connection connection = GuardedDataSource.of(outer, outer).getConnection()) {
      assertThatThrownBy(() -> execute(connection, "select 1"))
          .isInstanceOf(SqlRefusedException.class);
    }

    assertThat(test.seen("db")).isEqualTo(NOTHING);
  }

  @Test
  void aDeadConnectionOfThePool_isAnErrorWhereverItShows() throws SQLException {
    try (Connection connection = guarded.getConnection()) {
      execute(connection, "insert into orders values (1, 'shoes')");
      execute(keeper, "shutdown");
      assertThatThrownBy(() -> connection.prepareStatement("select 1"))
          .isInstanceOf(SQLException.class);
    }

    assertThat(test.seen("db/write").errors()).hasSize(1);
    keeper = DriverManager.getConnection(URL, "sa", "");
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void theTimeThatIsLeft_isTheStatementsInFullSeconds() throws SQLException {
    try (Scope within = Deadline.in(Duration.ofMillis(100)).makeCurrent();
        Connection connection = guarded.getConnection();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select pause(1) from system_range(1, 30000)"))
          .isInstanceOf(SQLTimeoutException.class);
      assertThat(statement.getQueryTimeout()).isZero();
    }

    assertThat(test.seen("db/write").errors()).isEqualTo(Map.of("57014", 1L));
  }

  @Test
  void cancelling_isNoError() throws Exception {
    try (Connection connection = guarded.getConnection();
        Statement statement = connection.createStatement()) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread caller =
          new Thread(
              () ->
                  thrown.set(
                      catchThrowable(
                          () -> statement.execute("select pause(1) from system_range(1, 30000)"))));
      caller.start();
      Pause.awaitFirst();
      statement.cancel();
      caller.join();
      assertThat(thrown.get()).isInstanceOf(SQLException.class);
    }

    assertThat(test.seen("db/write")).isEqualTo(NOTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "08006, true",
    "53300, true",
    "57P01, true",
    "HYT00, true",
    "XX000, true",
    ", true",
    "23505, false",
    "40001, false",
    "42P01, false",
    "P0001, false",
    "55P03, false",
    "72000, true",
    "S0002, false"
  })
  void sqlStates_sayWhoseDoingItWas(String state, boolean failure) {
    assertThat(SqlErrors.isFailure(new SQLException("reason", state))).isEqualTo(failure);
  }

  @ParameterizedTest
  @CsvSource({"19999, true", "20000, false", "20999, false", "21000, true"})
  void whatOraclesProceduresRaise_isAnAnswer(int code, boolean failure) {
    assertThat(SqlErrors.isFailure(new SQLException("ORA-" + code, "72000", code)))
        .isEqualTo(failure);
  }

  @Test
  void unwrapping_givesWhatIsBeneath() throws SQLException {
    try (Connection connection = guarded.getConnection()) {
      assertThat(connection.isWrapperFor(org.h2.jdbc.JdbcConnection.class)).isTrue();
      assertThat(Set.of(connection)).contains(connection).doesNotContain(guarded.getConnection());
    }
    assertThat(guarded.unwrap(JdbcConnectionPool.class)).isSameAs(pool);
    assertThat(guarded.isWrapperFor(String.class)).isFalse();
  }

  private static Connection readOnly(DataSource source) throws SQLException {
    Connection connection = source.getConnection();
    connection.setReadOnly(true);
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int rows() throws SQLException {
    try (Statement statement = keeper.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from orders")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
