package dev.switchgear.breaker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorClassTest {

  @ParameterizedTest
  @CsvSource({
    "4xx, 400",
    "4xx, 404",
    "4xx, 499",
    "4xx, NOT_FOUND",
    "4xx, ALREADY_EXISTS",
    "5xx, 503",
    "5xx, UNAVAILABLE",
    "sql-statement, 23505",
    "sql-statement, 22P02",
    "sql-statement, 42P01",
    "sql-statement, 42601",
    "sql-statement, 42S02",
    "sql-statement, 42001",
    "sql-statement, 42X05",
    "sql-statement, 428C9",
    "sql-statement, 429BQ",
    "sql-statement, 40001",
    "sql-statement, 40P01",
    "sql-statement, java.sql.SQLIntegrityConstraintViolationException",
    "cancelled, CANCELLED",
    "cancelled, canceled",
    "cancelled, java.util.concurrent.CancellationException",
    "cancelled, asyncio.exceptions.CancelledError",
    "cancelled, InterruptedException",
    "refused, ConnectException",
    "refused, java.net.ConnectException",
    "refused, io.netty.channel.AbstractChannel$AnnotatedConnectException",
    "refused, ECONNREFUSED",
  })
  void aFamilyHoldsWhatClientsCallIt(String family, String errorType) {
    assertThat(ErrorClass.isAmong(Set.of(family), errorType)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "4xx, 408",
    "4xx, 429",
    "4xx, 4",
    "4xx, 4040",
    "4xx, 503",
    "4xx, RESOURCE_EXHAUSTED",
    "4xx, UNAVAILABLE",
    "5xx, 5",
    "5xx, NOT_FOUND",
    "sql-statement, 08006",
    "sql-statement, 57P03",
    "sql-statement, 53300",
    "sql-statement, 40613",
    "sql-statement, 42108",
    "sql-statement, java.sql.SQLTransientConnectionException",
    "sql-statement, org.postgresql.util.PSQLException",
    "cancelled, System.Threading.Tasks.TaskCanceledException",
    "cancelled, java.io.InterruptedIOException",
    "refused, ConnectTimeoutException",
    "refused, UNAVAILABLE",
  })
  void whatTellsOfTheDependencyIsNotTheCallersDoing(String family, String errorType) {
    assertThat(ErrorClass.isAmong(Set.of(family), errorType)).isFalse();
  }

  @Test
  void aTypeIsToldAsItIs_orByItsClassWithoutPackage() {
    assertThat(ErrorClass.isAmong(Set.of("429"), "429")).isTrue();
    assertThat(ErrorClass.isAmong(Set.of("EOFException"), "java.io.EOFException")).isTrue();
    assertThat(ErrorClass.isAmong(Set.of("java.io.EOFException"), "EOFException")).isFalse();
    assertThat(ErrorClass.isAmong(Set.of("UNAVAILABLE"), "unavailable")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"404", "CANCELLED", "NOT_FOUND", "23505"})
  void byDefaultTheCallersOwnDoingDoesNotCount(String errorType) {
    assertThat(BreakerPolicy.DEFAULT.errors().ignores(errorType)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "408",
        "429",
        "500",
        "SocketTimeoutException",
        "UNAVAILABLE",
        "08006",
        "_OTHER",
        "",
        "*"
      })
  void byDefaultEverythingElseCounts(String errorType) {
    assertThat(BreakerPolicy.DEFAULT.errors().ignores(errorType)).isFalse();
  }
}
