package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that end in an exception: some were given up, the others have failed. */
class CancellationTest {

  private static final String BREAKER = "payments/charge";

  private final TestGear test = TestGear.of("checkout");
  private final Guard guard = test.gear().guard(BREAKER);
  private final GuardedCall<String> guarded =
      test.gear().guard(BREAKER, String.class).fallbackValue("fallback").build();

  @AfterEach
  void close() {
    Thread.interrupted();
    test.close();
  }

  static Stream<Exception> givenUp() {
    return Stream.of(
        new CancellationException(),
        new ExecutionException(new CancellationException()),
        new CompletionException(new CancellationException()),
        new InterruptedException(),
        new ClosedByInterruptException());
  }

  static Stream<Exception> causedByInterrupts() {
    return Stream.of(
        new IllegalStateException(new InterruptedException()),
        new IOException(new IllegalStateException(new InterruptedException())),
        new InterruptedIOException());
  }

  static Stream<Exception> failed() {
    return Stream.of(
        new IOException(),
        new IOException(new IOException()),
        late(new TimeoutException()),
        late(new SocketTimeoutException()));
  }

  private static Exception late(Exception timeout) {
    timeout.initCause(new InterruptedException());
    return timeout;
  }

  @ParameterizedTest
  @MethodSource("givenUp")
  void whatWasGivenUp_isCancelled(Exception thrown) {
    assertGivenUp(thrown, false);
  }

  @ParameterizedTest
  @MethodSource("causedByInterrupts")
  void whatAnInterruptCaused_isCancelledWhereTheThreadIsInterrupted(Exception thrown)
      throws Exception {
    assertGivenUp(thrown, true);
    assertFailed(thrown, false);
  }

  @ParameterizedTest
  @MethodSource("failed")
  void whatFailed_hasFailedWhetherTheThreadIsInterruptedOrNot(Exception thrown) throws Exception {
    assertFailed(thrown, true);
    assertFailed(thrown, false);
  }

  @Test
  void whatAnotherThreadThrew_isNamedAndJudgedWithoutItsWrapping() throws Exception {
    Exception thrown = new ExecutionException(new IOException());
    Guard lenient = guard.errorTypes(e -> e instanceof IOException ? null : "error");
    assertThatThrownBy(() -> lenient.call(ending(thrown, false), why -> "fallback"))
        .isSameAs(thrown);
    assertThat(test.seen(BREAKER).errors()).isEmpty();

    assertThat(guard.call(ending(thrown, false), CancellationTest::cause)).isSameAs(thrown);
    assertThat(test.seen(BREAKER).errors()).isEqualTo(Map.of("IOException", 1L));
  }

  private static Exception cause(Unavailable why) {
    return ((Failure) why).cause();
  }

  private void assertGivenUp(Exception thrown, boolean interrupted) {
    Callable<Object> call = ending(thrown, interrupted);
    assertThatThrownBy(() -> guard.call(call, why -> "fallback")).isSameAs(thrown);
    assertFlag(interrupted || thrown instanceof InterruptedException);
    assertThatThrownBy(() -> guarded.call(() -> (String) call.call())).isSameAs(thrown);
    assertFlag(interrupted || thrown instanceof InterruptedException);
    Permit byHand = (Permit) guarded.admit();
    assertThat(guarded.failed(byHand, interrupting(thrown, interrupted), 1)).isEmpty();
    Permit byItself = (Permit) guard.admit();
    byItself.failure(thrown, 1);
    Thread.interrupted();

    assertThat(test.seen(BREAKER)).isEqualTo(new TestGear.Seen(0, Map.of(), 0, 0));
  }

  private void assertFailed(Exception thrown, boolean interrupted) throws Exception {
    long before = test.seen(BREAKER).calls();
    Callable<Object> call = ending(thrown, interrupted);
    assertThat(guard.call(call, why -> "fallback")).isEqualTo("fallback");
    assertFlag(interrupted);
    assertThat(guarded.call(() -> (String) call.call())).isEqualTo("fallback");
    assertFlag(interrupted);

    assertThat(test.seen(BREAKER).calls()).isEqualTo(before + 2);
    assertThat(test.seen(BREAKER).errors()).containsOnlyKeys(ErrorType.of(thrown));
  }

  private static void assertFlag(boolean interrupted) {
    assertThat(Thread.interrupted()).isEqualTo(interrupted);
  }

  private static Callable<Object> ending(Exception thrown, boolean interrupted) {
    return () -> {
      throw interrupting(thrown, interrupted);
    };
  }

  private static Exception interrupting(Exception thrown, boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return thrown;
  }
}
