package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.Observation;
import io.opentelemetry.context.Context;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GuardTest {

  private static final Identity IDENTITY =
      new Identity("checkout", "checkout-1", null, null, null, 1);

  private final Gate gate = States.gate();
  private final Guard guard = gate.guard();

  @BeforeAll
  static void lookAtMarks() {
    Guarded.lookedAt();
  }

  @AfterEach
  void clearInterruption() {
    Thread.interrupted();
  }

  @Test
  void answered_givesTheAnswerAndCountsIt() throws Exception {
    assertThat(guard.call(() -> "answer", why -> "fallback")).isEqualTo("answer");

    assertThat(counted().getCalls()).isEqualTo(1);
    assertThat(counted().getErrors()).isEmpty();
  }

  @Test
  void refused_asksTheFallbackAndCallsNobody() throws Exception {
    gate.obey(States.open(3));

    String answer =
        guard.call(
            () -> {
              throw new AssertionError("called");
            },
            why -> why instanceof Refusal refusal ? "refused in " + refusal.epoch() : "?");

    assertThat(answer).isEqualTo("refused in 3");
  }

  @Test
  void itsState_isWhatIsObeyed() {
    assertThat(guard.state()).isEmpty();

    gate.obey(States.open(3));

    assertThat(guard.state()).contains(States.open(3));
  }

  @Test
  void itsState_isReadWithoutWaitingForWhoeverChangesIt() {
    gate.obey(States.open(3));

    synchronized (gate) {
      assertThat(CompletableFuture.supplyAsync(guard::state))
          .succeedsWithin(Duration.ofSeconds(10))
          .isEqualTo(Optional.of(States.open(3)));
    }
  }

  @Test
  void aLibrarysRefusal_isNoFailureOnceItsClassIsNamed() {
    ((Permit) guard.admit()).failure(new OfALibrary(), 1);
    Refused.also(OfALibrary.class);
    ((Permit) guard.admit()).failure(new IOException(new OfALibrary()), 1);

    assertThat(counted().getErrors()).isEqualTo(Map.of("OfALibrary", 1L));
    assertThat(counted().getCalls()).isEqualTo(1);
    assertThat(counted().getInFlight()).isZero();
  }

  private static final class OfALibrary extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void refusedByAGuardWithin_asksTheFallbackAndIsNoFailure() throws Exception {
    Refusal within = (Refusal) opened().admit();
    IOException told = new IOException(new RefusedException(within));

    String answer =
        guard.call(
            () -> {
              throw told;
            },
            why -> why instanceof Failure f && f.cause() == told ? "fallback" : "?");

    assertThat(answer).isEqualTo("fallback");
    assertNothingCountedNorRunning();
  }

  @Test
  void refusedByAGuardWithin_isNoFailureOfACallMadeByHand() {
    Permit permit = (Permit) guard.admit();
    permit.failure(new RefusedException((Refusal) opened().admit()), 1);

    assertNothingCountedNorRunning();
  }

  private static Guard opened() {
    Gate within = States.gate();
    within.obey(States.open(1));
    return within.guard();
  }

  @Test
  void failed_asksTheFallbackWithTheCauseAndCountsTheType() throws Exception {
    IOException cause = new FileNotFoundException();

    String answer =
        guard.call(
            () -> {
              throw cause;
            },
            why -> why instanceof Failure f && f.cause() == cause ? f.errorType() : "?");

    assertThat(answer).isEqualTo("FileNotFoundException");
    assertThat(counted().getErrors()).containsOnlyKeys("FileNotFoundException");
  }

  @Test
  void fallbackThrows_thatIsWhatTheCallerGets() {
    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw new IOException("call");
                    },
                    why -> {
                      throw new IOException("fallback");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("fallback");
    assertThat(counted().getCalls()).isEqualTo(1);
  }

  @Test
  void anError_isAFailureAndGoesToTheCaller() {
    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw new StackOverflowError();
                    },
                    why -> "fallback"))
        .isInstanceOf(StackOverflowError.class);

    assertThat(counted().getErrors()).containsOnlyKeys("StackOverflowError");
  }

  @Test
  void interrupted_isCancelledAndStaysInterrupted() {
    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw new InterruptedException();
                    },
                    why -> "fallback"))
        .isInstanceOf(InterruptedException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertNothingCountedNorRunning();
  }

  @Test
  void errorTypes_nameWhatIsCounted() throws Exception {
    Guard named = guard.errorTypes(e -> "status-503");

    named.call(
        () -> {
          throw new IOException();
        },
        why -> "fallback");

    assertThat(counted().getErrors()).containsOnlyKeys("status-503");
  }

  @Test
  void errorTypesSayItIsNoError_theExceptionIsAnAnswer() {
    Guard lenient = guard.errorTypes(e -> e instanceof IllegalArgumentException ? null : "error");

    assertThatThrownBy(
            () ->
                lenient.call(
                    () -> {
                      throw new IllegalArgumentException("no such order");
                    },
                    why -> "fallback"))
        .hasMessage("no such order");
    assertThat(counted().getCalls()).isEqualTo(1);
    assertThat(counted().getErrors()).isEmpty();
  }

  @Test
  void errorTypesThemselvesFail_theClassIsCounted() throws Exception {
    Guard broken =
        guard.errorTypes(
            e -> {
              throw new AssertionError();
            });

    broken.call(
        () -> {
          throw new IOException();
        },
        why -> "fallback");

    assertThat(counted().getErrors()).containsOnlyKeys("IOException");
  }

  @Test
  void aLateSuccessFromAnOlderEpoch_countsForThatEpoch() throws Exception {
    guard.call(
        () -> {
          gate.obey(States.closed(8));
          return "answer";
        },
        why -> "fallback");

    assertThat(counted().getEpoch()).isZero();
    assertThat(counted().getCalls()).isEqualTo(1);
  }

  @Test
  void recursion_countsEveryCall() throws Exception {
    String answer =
        guard.call(() -> guard.call(() -> "inner", why -> "fallback"), why -> "fallback");

    assertThat(answer).isEqualTo("inner");
    assertThat(counted().getCalls()).isEqualTo(2);
  }

  @Test
  void whileTheCallRuns_theContextIsMarked() throws Exception {
    assertThat(guard.call(() -> Context.current().get(Guarded.KEY), why -> false)).isTrue();
    assertThat(Context.current().get(Guarded.KEY)).isNull();
  }

  @Test
  void whileTheFallbackRuns_theContextIsNotMarked() throws Exception {
    AtomicReference<Boolean> marked = new AtomicReference<>();
    guard.call(
        () -> {
          throw new IOException();
        },
        why -> {
          marked.set(Context.current().get(Guarded.KEY));
          return "fallback";
        });

    assertThat(marked.get()).isNull();
  }

  @Test
  void async_isCountedWhenItEnds() {
    CompletableFuture<String> call = new CompletableFuture<>();
    CompletableFuture<String> answer = async(call);
    assertThat(running()).isEqualTo(1);

    call.complete("answer");

    assertThat(answer.join()).isEqualTo("answer");
    assertThat(counted().getCalls()).isEqualTo(1);
  }

  @Test
  void async_failed_asksTheFallbackWithWhatReallyFailed() {
    CompletableFuture<String> call = new CompletableFuture<>();
    CompletableFuture<String> answer = async(call.thenApply(x -> x));

    call.completeExceptionally(new FileNotFoundException());

    assertThat(answer.join()).isEqualTo("FileNotFoundException");
    assertThat(counted().getErrors()).containsOnlyKeys("FileNotFoundException");
  }

  @Test
  void async_failsToStart_isAFailure() {
    CompletionStage<String> answer =
        guard.callAsync(
            () -> {
              throw new IllegalStateException();
            },
            why -> CompletableFuture.completedStage("fallback"));

    assertThat(answer.toCompletableFuture().join()).isEqualTo("fallback");
    assertThat(counted().getErrors()).containsOnlyKeys("IllegalStateException");
  }

  @Test
  void async_cancelled_isNoFailureAndHasNoFallback() {
    CompletableFuture<String> call = new CompletableFuture<>();
    CompletableFuture<String> answer = async(call);

    call.cancel(true);

    assertThatThrownBy(answer::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(CancellationException.class);
    assertNothingCountedNorRunning();
  }

  @Test
  void async_anError_isAFailureAndGoesToTheCaller() {
    CompletableFuture<String> answer =
        async(CompletableFuture.failedFuture(new StackOverflowError()));

    assertThatThrownBy(answer::join).hasCauseInstanceOf(StackOverflowError.class);
    assertThat(counted().getErrors()).containsOnlyKeys("StackOverflowError");
  }

  @Test
  void async_refused_asksTheFallback() {
    gate.obey(States.open(3));

    assertThat(async(new CompletableFuture<>()).join()).isEqualTo("refused");
  }

  private CompletableFuture<String> async(CompletionStage<String> call) {
    return guard
        .callAsync(
            () -> call,
            why ->
                CompletableFuture.completedStage(
                    why instanceof Failure failure ? failure.errorType() : "refused"))
        .toCompletableFuture();
  }

  private Observation counted() {
    return observed.updateAndGet(known -> known != null ? known : observe());
  }

  private final AtomicReference<Observation> observed = new AtomicReference<>();

  private Observation observe() {
    Tally first = gate.tallies().get(0);
    TallyReport report = new TallyReport(first, new Reading(0, 0), Sampling.EVERY_CALL);
    report.read(new Reading(250, 250_000_000));
    return report.observe(BREAKER, IDENTITY, 1);
  }

  private int running() {
    Tally first = gate.tallies().get(0);
    return (int) (first.turnstile().entered() - first.turnstile().cancelled());
  }

  private void assertNothingCountedNorRunning() {
    assertThat(counted().getCalls()).isZero();
    assertThat(counted().getInFlight()).isZero();
  }
}
