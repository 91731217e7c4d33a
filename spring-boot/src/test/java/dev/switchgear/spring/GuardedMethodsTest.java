package dev.switchgear.spring;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import dev.switchgear.guard.ConcurrencyLimit;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.DegradedCount;
import dev.switchgear.guard.Guarded;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

@Timeout(30)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardedMethodsTest {

  private final App app =
      App.start(
          WebApplicationType.NONE,
          Beans.class,
          "--switchgear.guards.slow.timeout=50ms",
          "--switchgear.guards.silent.timeout=50ms",
          "--switchgear.guards.single.bulkhead.calls=1",
          "--switchgear.guards.unlinked.bulkhead.calls=1",
          "--switchgear.guards.twin.bulkhead.calls=1",
          "--switchgear.guards.twice.breaker=payments/twice",
          "--switchgear.guards.twice.idempotent=true",
          "--switchgear.guards.twice.retry.share=1",
          "--switchgear.guards.twice.retry.back-off=0s",
          "--switchgear.guards.flux-again.idempotent=true",
          "--switchgear.guards.flux-again.retry.share=1",
          "--switchgear.guards.flux-again.retry.back-off=0s",
          "--switchgear.guards.flux-again.fleet-rate-limit.alone.calls=100",
          "--switchgear.guards.recommended.recommended-timeout=1h",
          "--switchgear.guards.gold.fleet-rate-limit.alone.calls=100",
          "--switchgear.guards.gold.fleet-rate-limit.shared-as=api",
          "--switchgear.guards.gold.fleet-rate-limit.tier=gold",
          "--switchgear.guards.tiered.fleet-rate-limit.alone.calls=100",
          "--switchgear.guards.tiered.fleet-rate-limit.shared-as=api",
          "--switchgear.guards[payments/declared].bulkhead.calls=1",
          "--switchgear.guards[payments/declared].ignored-errors=java.io.IOException");

  private final Payments payments = app.bean(Payments.class);

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    Payments payments() {
      return new Payments();
    }

    @Bean
    CallTier tier() {
      return guard -> guard.equals("tiered") ? "free" : unlessItIsAsked(guard);
    }

    /** As a bean of a request's scope, which is no longer there on a thread of Reactor's. */
    private static @Nullable String unlessItIsAsked(String guard) {
      String thread = Thread.currentThread().getName();
      if (thread.startsWith("boundedElastic")) {
        throw new IllegalStateException("the tier of " + guard + " is asked on " + thread);
      }
      return null;
    }
  }

  @AfterAll
  void close() {
    app.close();
  }

  @Test
  void theseTestsRunOnTheSpringBootTheySay() {
    assertThat(SpringBootVersion.getVersion())
        .startsWith(System.getProperty("spring-boot.expected", "3") + ".");
  }

  @Test
  void aFallbackAnswers_whatWasRefusedAndWhatFailed() throws Exception {
    assertThat(payments.charge("shoes")).isEqualTo("charged shoes");
    assertThat(payments.charge(Payments.DOWN)).isEqualTo("pending down because IOException");

    app.fleet.open("payments/charge");
    assertThat(payments.charge("shoes")).isEqualTo("pending shoes because refused by breaker");

    assertThat(app.fleet.seen("payments/charge").calls()).isEqualTo(2);
    assertThat(app.fleet.seen("payments/charge").errors()).containsEntry("IOException", 1L);
    assertThat(app.fleet.seen("payments/charge").refusals()).isEqualTo(1);
  }

  @Test
  void withoutFallback_theCallsOwnExceptionComesThrough() throws Exception {
    assertThatThrownBy(() -> payments.plain(Payments.DOWN)).isInstanceOf(IOException.class);
  }

  @Test
  void aRefusalThatNobodyDeclares_isUnchecked() throws Exception {
    app.fleet.open("payments/plain");

    assertThatThrownBy(() -> payments.plain("shoes"))
        .isInstanceOfSatisfying(
            UnansweredException.class,
            e -> assertThat(e.refusal().orElseThrow().stage()).isEqualTo(Stage.BREAKER));
    app.fleet.closed("payments/plain");
  }

  @Test
  void aRefusalThatIsDeclared_comesAsItIs() throws Exception {
    app.fleet.open("payments/declared");

    assertThatThrownBy(() -> payments.declared("shoes")).isInstanceOf(RefusedException.class);
    app.fleet.closed("payments/declared");
  }

  @Test
  void ignoredErrors_areAnswersLikeAnyOther() {
    assertThatThrownBy(() -> payments.declared(Payments.DOWN)).isInstanceOf(IOException.class);

    assertThat(app.fleet.seen("payments/declared").calls()).isEqualTo(1);
    assertThat(app.fleet.seen("payments/declared").errors()).isEmpty();
  }

  @Test
  void anAnswerThatDoesNotComeInTime_isNotWaitedFor() {
    assertThatThrownBy(payments::slow)
        .isInstanceOf(UnansweredException.class)
        .hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void aRetry_callsTheMethodAgain() throws Exception {
    assertThat(payments.twice("shoes")).isEqualTo("charged shoes");
    assertThat(payments.calls()).isEqualTo(2);
  }

  @Test
  void aStage_isGuardedUntilItEnds() throws Exception {
    assertThat(joined(payments.stage("shoes").toCompletableFuture())).isEqualTo("charged shoes");
    assertThat(joined(payments.stage(Payments.DOWN).toCompletableFuture()))
        .isEqualTo("later because IOException");

    app.fleet.open("payments/stage");
    assertThat(joined(payments.stage("shoes").toCompletableFuture()))
        .isEqualTo("later because refused by breaker");
    assertThat(app.fleet.seen("payments/stage").errors()).containsEntry("IOException", 1L);
  }

  @Test
  void cancellingTheFuture_cancelsTheCall() {
    CompletableFuture<String> future = payments.future();
    assertThat(app.fleet.seen("payments/future").inFlight()).isEqualTo(1);

    future.cancel(true);

    assertThat(payments.unanswered()).isCancelled();
    assertThat(app.fleet.seen("payments/future").errors()).isEmpty();
  }

  @Test
  void aMono_isGuardedAtEachSubscription() {
    var mono = payments.mono("shoes");
    assertThat(app.fleet.seen("payments/mono").calls()).isZero();

    assertThat(mono.block()).isEqualTo("charged shoes");
    assertThat(payments.mono(Payments.DOWN).block()).isEqualTo("later down because IOException");
    app.fleet.open("payments/mono");
    assertThat(mono.block()).isEqualTo("later shoes because refused by breaker");

    assertThat(app.fleet.seen("payments/mono").calls()).isEqualTo(2);
    assertThat(app.fleet.seen("payments/mono").refusals()).isEqualTo(1);
  }

  @Test
  void aFlux_isGuardedUntilItsEnd() {
    assertThat(payments.flux("shoes").collectList().block()).containsExactly("charged shoes");
    assertThat(payments.flux(Payments.DOWN).collectList().block())
        .containsExactly("later because IOException");

    app.fleet.open("payments/flux");
    assertThat(payments.flux("shoes").collectList().block())
        .containsExactly("later because refused by breaker");
    app.fleet.closed("payments/flux");

    assertThat(app.fleet.seen("payments/flux").calls()).isEqualTo(2);
    assertThat(app.fleet.seen("payments/flux").refusals()).isEqualTo(1);
  }

  @Test
  void aFluxThatFailsHalfway_getsNoOtherEnd() {
    assertThatThrownBy(() -> payments.flux("half").collectList().block())
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aFluxThatFailsBeforeItsFirstItem_isMadeAgain() {
    AtomicInteger made = new AtomicInteger();

    assertThat(payments.fluxAgain(1, made).collectList().block())
        .containsExactly("first", "second");

    assertThat(made).hasValue(2);
  }

  @Test
  void aFluxThatFailsTooOften_isAnsweredByTheFallback() {
    AtomicInteger made = new AtomicInteger();

    assertThat(payments.fluxAgain(2, made).collectList().block())
        .containsExactly("later because IOException");

    assertThat(made).hasValue(2);
  }

  @Test
  void aFluxThatFailsAfterItsFirstItem_isNotMadeAgain() {
    AtomicInteger made = new AtomicInteger();

    assertThatThrownBy(() -> payments.fluxHalf(made).collectList().block())
        .hasCauseInstanceOf(IOException.class);

    assertThat(made).hasValue(1);
  }

  @Test
  void aFluxIsNotMadeAgain_intoABreakerThatHasOpened() {
    AtomicInteger made = new AtomicInteger();
    Flux<String> opening = payments.fluxOpening(made, () -> app.fleet.open("flux-again"));

    assertThat(opening.collectList().block()).containsExactly("later because IOException");

    assertThat(made).hasValue(1);
    app.fleet.closed("flux-again");
  }

  @Test
  void whatAFluxIsGivenInstead_countsAsDegraded() {
    Switchgear gear = app.bean(Switchgear.class);
    long before = degraded(gear);

    payments.degrading().blockLast();

    assertThat(degraded(gear)).isEqualTo(before + 1);
  }

  private static long degraded(Switchgear gear) {
    return gear.degraded().stream()
        .filter(each -> each.breaker().equals("degrading") && each.because().equals("failure"))
        .filter(each -> each.fallback().equals("laterFlux"))
        .mapToLong(DegradedCount::calls)
        .sum();
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void whatAFluxIsGivenInstead_isAskedForInTheContextOfItsSubscriber() {
    Flux<String> flux = payments.failingElsewhere();

    try (Scope scope = Context.current().with(Payments.WHO, "subscriber").makeCurrent()) {
      assertThat(flux.blockLast()).isEqualTo("instead for subscriber");
    }
  }

  @Test
  void aStream_isAnsweredWithItsFirstItem() {
    List<Long> answered = new ArrayList<>();
    GuardedCall<Object> guard =
        app.fleet.gear().guard("stream", Object.class).bulkhead(new Told(answered)).build();
    AtomicLong first = new AtomicLong();
    long start = System.nanoTime();
    Flux<Object> items = Flux.concat(Flux.just("first"), lastAfterTwice(first, start));

    new FluxMethod(guard, null)
        .call(new Invocation(new Given(items)))
        .doOnNext(item -> first.compareAndSet(0, System.nanoTime() - start))
        .blockLast();

    assertThat(answered).singleElement(as(LONG)).isLessThanOrEqualTo(first.get());
  }

  /** An item that comes when twice as much time has passed as until the first one. */
  private static Flux<Object> lastAfterTwice(AtomicLong first, long start) {
    return Flux.defer(
        () -> {
          while (System.nanoTime() - start <= 2 * first.get()) {
            Thread.onSpinWait();
          }
          return Flux.just("last");
        });
  }

  /** A limit that remembers how long calls took. */
  private record Told(List<Long> answered) implements ConcurrencyLimit {
    @Override
    public int calls() {
      return 1;
    }

    @Override
    public void answered(long elapsedNanos, int running) {
      answered.add(elapsedNanos);
    }

    @Override
    public void failed(String errorType, long elapsedNanos, int running) {}
  }

  /** A call of a method that gives this. */
  private record Given(Flux<Object> flux) implements MethodInvocation {
    @Override
    public Method getMethod() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object[] getArguments() {
      return new Object[0];
    }

    @Override
    public Object proceed() {
      return flux;
    }

    @Override
    public @Nullable Object getThis() {
      return null;
    }

    @Override
    public AccessibleObject getStaticPart() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void aFallbackOfAFluxThatTookTooLong_mayBlock() {
    assertThat(payments.silentAndBlocking().blockLast()).isEqualTo("blocked");
  }

  @Test
  void theFirstItemOfAFlux_isWaitedForAsLongAsTheFleetRecommends() {
    app.fleet.publish(
        BreakerState.newBuilder()
            .setBreaker("recommended")
            .setState(State.CLOSED)
            .setEpoch(1)
            .setAdmittedShare(10_000)
            .setRetryAfterMillis(0)
            .setRecommendedTimeoutMillis(20)
            .setReason("as the test wants it")
            .setDecidedAtMillis(1)
            .build());

    assertThatThrownBy(() -> payments.recommended().blockFirst())
        .isInstanceOf(UnansweredException.class)
        .hasMessage("no first item within PT0.02S");
  }

  @Test
  void theTierOfAFleetsLimit_isTheGuardsOrTheCalls() throws Exception {
    app.fleet.share("api", RateLimit.perMinute(100), Map.of("gold", 100L, "free", 0L, "*", 0L));

    assertThat(payments.gold()).isEqualTo("of tier gold");
    assertThatThrownBy(payments::tiered).hasMessageContaining("of api for tier free");
  }

  @Test
  void aFluxWithoutAnItem_isNotWaitedFor() {
    assertThatThrownBy(() -> payments.silent().blockLast())
        .isInstanceOf(UnansweredException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(app.fleet.seen("silent").errors()).containsEntry("TimeoutException", 1L);
  }

  @Test
  void aFluxThatIsCancelled_givesItsSlotBack() {
    Disposable subscription = payments.single().subscribe();
    assertThatThrownBy(() -> payments.single().blockFirst())
        .hasCauseInstanceOf(RefusedException.class);

    subscription.dispose();

    assertThat(payments.single().blockFirst()).isEqualTo("first");
    assertThat(app.fleet.seen("single").errors()).isEmpty();
  }

  @Test
  void aFluxOfWhichTheFirstItemIsEnough_isAnswered() {
    long before = app.fleet.seen("first").calls();

    assertThat(payments.begun().take(1).collectList().block()).containsExactly("first");

    assertThat(app.fleet.seen("first").calls()).isEqualTo(before + 1);
    assertThat(app.fleet.seen("first").errors()).isEmpty();
  }

  @Test
  void aFluxThatMeetsAnErrorOfTheVirtualMachine_givesItsSlotBack() {
    assertThatThrownBy(() -> payments.unlinked().blockFirst()).isInstanceOf(LinkageError.class);
    assertThatThrownBy(() -> payments.unlinked().blockFirst()).isInstanceOf(LinkageError.class);

    assertThat(app.fleet.seen("unlinked").errors()).containsEntry("NoClassDefFoundError", 2L);
  }

  @Test
  void whatComesLaterAndTakesTooLong_isUnansweredToo() {
    assertThatThrownBy(() -> joined(payments.slowFuture()))
        .hasCauseInstanceOf(UnansweredException.class)
        .hasRootCauseInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> payments.slowMono().block())
        .isInstanceOf(UnansweredException.class)
        .hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void theLimitsOfAGuard_areThoseOfAllThatHaveItsName() throws Exception {
    CompletableFuture<String> held = payments.heldTwin();
    GuardedCall<String> byHand =
        app.bean(ConfiguredGuards.class).describe("twin", String.class).build();

    assertThatThrownBy(payments::twin).hasMessageContaining("refused by bulkhead");
    assertThatThrownBy(() -> byHand.call(() -> "answer"))
        .hasMessageContaining("refused by bulkhead");

    held.cancel(true);
    assertThat(payments.twin()).isEqualTo("answer");
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void theFirstItemOfAFlux_isWaitedForAsLongAsTheCallerHas() {
    try (Scope within = Deadline.in(Duration.ofMillis(500)).makeCurrent()) {
      assertThatThrownBy(() -> payments.endless().blockFirst())
          .isInstanceOf(UnansweredException.class);
    }
    try (Scope within = Deadline.in(Duration.ZERO).makeCurrent()) {
      assertThatThrownBy(() -> payments.endless().blockFirst())
          .hasMessageContaining("endless refused by deadline");
    }
    assertThat(app.fleet.seen("endless").calls()).isEqualTo(1);
  }

  @Test
  void aFlux_isSubscribedToInAMarkedContext() {
    Guarded.lookedAt();

    assertThat(payments.marked().blockFirst()).isTrue();
  }

  @Test
  void aFluxThatSomebodyGaveUpOrRefused_isNoFailure() {
    Duration later = Duration.ofMillis(100);
    Refusal within = new Refusal(Stage.BULKHEAD, "stock", 1, "full", later, List.of(), null);
    for (Exception each :
        List.of(
            new CancellationException(),
            new InterruptedException(),
            new IOException(new RefusedException(within)))) {
      assertThatThrownBy(() -> payments.ending(each).blockFirst()).isNotNull();
    }

    assertThat(app.fleet.seen("ending").calls()).isZero();
    assertThat(app.fleet.seen("ending").inFlight()).isZero();
  }

  private static String joined(CompletableFuture<String> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }
}
