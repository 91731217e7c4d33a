package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that end in an exception: some were given up, the others have failed. */
@Timeout(30)
class CancellationTest {

  private static final String BREAKER = "payments/charge";

  private final TestGear test = TestGear.of("checkout");
  private final Guard guard = test.gear().guard(BREAKER);
  private final Bulkhead bulkhead = test.gear().bulkhead("payments", 1);
  private final GuardedCall<String> guarded =
      test.gear().guard(BREAKER, String.class).bulkhead(bulkhead).fallbackValue("fallback").build();

  @AfterEach
  void close() {
    Thread.interrupted();
    test.close();
  }

  static Stream<Exception> interrupts() {
    return Stream.of(new InterruptedException(), new ClosedByInterruptException());
  }

  static Stream<Exception> perhapsCausedByInterrupts() {
    return Stream.of(
        new IllegalStateException(new InterruptedException()),
        new IOException(new IllegalStateException(new InterruptedException())),
        new UncheckedIOException(new ClosedByInterruptException()),
        new CancellationException(),
        new ExecutionException(new CancellationException()),
        new InterruptedIOException());
  }

  static Stream<Exception> failures() {
    return Stream.of(
        new IOException(),
        new IOException(new IOException()),
        new TimeoutCancellationException(),
        new ConnectTimeoutException(),
        late(new TimeoutException()),
        late(new SocketTimeoutException()));
  }

  static Stream<Exception> givenUpLater() {
    return Stream.of(
        new CancellationException(),
        new ExecutionException(new CancellationException()),
        new CompletionException(new ExecutionException(new CancellationException())),
        new CompletionException(new InterruptedException()),
        new ClosedByInterruptException());
  }

  private static Exception late(Exception timeout) {
    timeout.initCause(new InterruptedException());
    return timeout;
  }

  /** As Kotlin has it. */
  private static final class TimeoutCancellationException extends CancellationException {
    private static final long serialVersionUID = 1L;
  }

  /** As Apache's HTTP client has it. */
  private static final class ConnectTimeoutException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;
  }

  @ParameterizedTest
  @MethodSource("interrupts")
  void anInterrupt_cancels(Exception thrown) {
    assertCancelled(thrown, false);
    assertCancelled(thrown, true);
  }

  @ParameterizedTest
  @MethodSource("perhapsCausedByInterrupts")
  void whatAnInterruptMayHaveCaused_cancelsWhereTheThreadIsInterrupted(Exception thrown)
      throws Exception {
    assertCancelled(thrown, true);
    assertFailed(thrown, false);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatFailed_hasFailedWhetherTheThreadIsInterruptedOrNot(Exception thrown) throws Exception {
    assertFailed(thrown, true);
    assertFailed(thrown, false);
  }

  @Test
  void interruptedByTheTimeoutOfACallAroundIt_hasFailed() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    GuardedCall<String> around =
        test.gear()
            .guard("checkout/order", String.class)
            .timeout(Duration.ofMillis(50))
            .fallback(why -> ((Failure) why).errorType())
            .build();

    String answer = around.call(() -> guard.call(() -> awaited(never), why -> "not asked"));

    assertThat(answer).isEqualTo("TimeoutException");
    assertThat(test.seen(BREAKER).errors()).isEqualTo(Map.of("TimeoutException", 1L));
    assertThat(test.seen("checkout/order").errors()).isEqualTo(Map.of("TimeoutException", 1L));
    assertFlag(false);
  }

  /** Waits by the machine's clock, and lets as much pass by that of the hand. */
  private String awaited(CountDownLatch never) throws InterruptedException {
    try {
      never.await();
      return "answer";
    } catch (InterruptedException e) {
      test.pass(Duration.ofSeconds(1));
      throw e;
    }
  }

  @ParameterizedTest
  @MethodSource("givenUpLater")
  void givenUpLater_isCancelledWhateverTheThread(Exception thrown) {
    assertThatThrownBy(
        () ->
            guard
                .callAsync(() -> failed(thrown), why -> failed(thrown))
                .toCompletableFuture()
                .join());
    assertThatThrownBy(() -> guarded.callAsync(() -> failed(thrown)).toCompletableFuture().join());

    assertThat(test.seen(BREAKER)).isEqualTo(new TestGear.Seen(0, Map.of(), 0, 0));
    assertThat(bulkhead.running()).isZero();
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failedLater_hasFailedWhateverTheThread(Exception thrown) {
    Thread.currentThread().interrupt();
    assertThat(
            guard
                .callAsync(() -> failed(thrown), why -> answered("fallback"))
                .toCompletableFuture()
                .getNow(""))
        .isEqualTo("fallback");
    assertThat(guarded.callAsync(() -> failed(thrown)).toCompletableFuture().getNow(""))
        .isEqualTo("fallback");
    assertFlag(true);

    assertThat(test.seen(BREAKER).errors()).isEqualTo(Map.of(ErrorType.of(thrown), 2L));
  }

  private static CompletableFuture<String> failed(Exception thrown) {
    return CompletableFuture.failedFuture(thrown);
  }

  private static CompletableFuture<String> answered(String answer) {
    return CompletableFuture.completedFuture(answer);
  }

  @Test
  void whatAnotherThreadThrew_isNamedAndJudgedWithoutItsWrapping() throws Exception {
    Exception thrown = new ExecutionException(new CompletionException(new IOException()));
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

  private void assertCancelled(Exception thrown, boolean interrupted) {
    Callable<Object> call = ending(thrown, interrupted);
    assertThatThrownBy(() -> guard.call(call, why -> "fallback")).isSameAs(thrown);
    assertFlag(interrupted || thrown instanceof InterruptedException);
    assertThatThrownBy(() -> guarded.call(() -> (String) call.call())).isSameAs(thrown);
    assertFlag(interrupted || thrown instanceof InterruptedException);

    assertThat(test.seen(BREAKER)).isEqualTo(new TestGear.Seen(0, Map.of(), 0, 0));
    assertThat(bulkhead.running()).isZero();
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
    assertThat(bulkhead.running()).isZero();
  }

  private static void assertFlag(boolean interrupted) {
    assertThat(Thread.interrupted()).isEqualTo(interrupted);
  }

  private static Callable<Object> ending(Exception thrown, boolean interrupted) {
    return () -> {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw thrown;
    };
  }
}
