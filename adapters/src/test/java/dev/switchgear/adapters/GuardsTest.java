package dev.switchgear.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Guarded;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.TestGear;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardsTest {

  private final TestGear test = TestGear.of("checkout");

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void theFirstResultCounts_andNoOther() {
    Attempt answered = named().attempt("request");
    answered.success();
    answered.failure("late");
    answered.cancelled();
    Attempt cancelled = named().attempt("request");
    cancelled.cancelled();
    cancelled.success();

    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
  }

  @Test
  void whatWasThrown_isAFailureUnlessTheCallerGaveUp() {
    named().attempt("request").thrown(new IOException());
    named().attempt("request").thrown(new CompletionException(new IOException()));
    named().attempt("request").thrown(new CancellationException());
    named().attempt("request").thrown(new CompletionException(new CancellationException()));
    named().attempt("request").thrown(new InterruptedException());

    assertThat(test.seen("payments"))
        .isEqualTo(new TestGear.Seen(2, Map.of("IOException", 2L), 0, 0));
  }

  @Test
  void whatAnotherGuardRefused_isNoFailure() {
    test.open("stock");
    Refusal within = Objects.requireNonNull(byRequest().attempt("stock").refusal());
    named().attempt("request").thrown(new CallRefusedException(within));
    named().attempt("request").thrown(new IOException(new RefusedException(within)));

    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(0, Map.of(), 0, 0));
  }

  @Test
  void eachBreaker_hasLimitsOfItsOwn() {
    Guards<String> guards = byRequest().bulkhead(1);

    Attempt first = guards.attempt("a");
    assertThat(first.refusal()).isNull();
    assertThat(stage(guards.attempt("a"))).isEqualTo(Stage.BULKHEAD);
    assertThat(guards.attempt("b").refusal()).isNull();
    first.success();
    assertThat(guards.attempt("a").refusal()).isNull();
  }

  @Test
  void sharedLimits_areShared() {
    Guards<String> guards =
        byRequest()
            .bulkhead(test.gear().bulkhead("all", 2, 1, 0))
            .critical()
            .rateLimit(test.gear().rateLimiter("all", RateLimit.perSecond(2)));

    assertThat(guards.attempt("a").refusal()).isNull();
    assertThat(guards.attempt("b").refusal()).isNull();
    assertThat(stage(guards.attempt("c"))).isEqualTo(Stage.RATE_LIMIT);
    test.pass(Duration.ofSeconds(1));
    assertThat(stage(guards.attempt("c"))).isEqualTo(Stage.BULKHEAD);
  }

  @Test
  void theFleetsLimit_isSharedByAllBreakers() {
    Guards<String> guards =
        byRequest().fleetRateLimit(test.gear().fleetRateLimiter("all", RateLimit.perSecond(1)));

    assertThat(guards.attempt("a").refusal()).isNull();
    assertThat(stage(guards.attempt("b"))).isEqualTo(Stage.RATE_LIMIT);
  }

  @Test
  void moreNamesThanAnyServiceHasDependencies_areNotGuarded() {
    Guards<String> guards = byRequest().bulkhead(1);
    for (int i = 0; i < Guards.MOST; i++) {
      guards.attempt("dependency-" + i).success();
    }

    for (int i = 0; i < 10; i++) {
      assertThat(guards.attempt("one-more").refusal()).isNull();
    }

    assertThat(guards.unguarded()).isEqualTo(10);
    assertThat(test.seen("one-more").calls()).isZero();
    assertThat(guards.attempt("dependency-7").refusal()).isNull();
    assertThat(stage(guards.attempt("dependency-7"))).isEqualTo(Stage.BULKHEAD);
  }

  @Test
  void aRequestWithoutABreaker_goesUnguardedAndUnchanged() {
    Guards<String> guards = Guards.by(test.gear(), request -> null);
    Attempt attempt = guards.timeout(Duration.ofSeconds(1)).attempt("request");

    assertThat(attempt.refusal()).isNull();
    assertThat(attempt.deadline()).isEmpty();
    attempt.success();
    assertThat(guards.unguarded()).isZero();
  }

  @Test
  void aNameThatIsNone_isToldAtOnce() {
    assertThatThrownBy(() -> Guards.named(test.gear(), " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("breaker: \" \"");
  }

  @Test
  void theRecommendedTimeout_isFollowed() {
    Guards<String> guards = named().recommendedTimeout(Duration.ofSeconds(3));
    assertThat(guards.attempt("request").deadline().map(Deadline::remaining))
        .contains(Duration.ofSeconds(3));
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void theContext_isMarkedAndKnowsTheDeadline() {
    Guarded.lookedAt();
    Attempt attempt = named().timeout(Duration.ofSeconds(3)).attempt("request");

    try (Scope scope = attempt.context().makeCurrent()) {
      assertThat(Context.current().get(Guarded.KEY)).isTrue();
      assertThat(Deadline.current().map(Deadline::remaining)).contains(Duration.ofSeconds(3));
    }
    assertThat(Context.current().get(Guarded.KEY)).isNull();
  }

  private Guards<String> named() {
    return Guards.named(test.gear(), "payments");
  }

  private Guards<String> byRequest() {
    return Guards.by(test.gear(), request -> request);
  }

  private static Stage stage(Attempt attempt) {
    return Objects.requireNonNull(attempt.refusal()).stage();
  }
}
