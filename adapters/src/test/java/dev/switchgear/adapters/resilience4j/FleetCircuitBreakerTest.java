package dev.switchgear.adapters.resilience4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.TestGear;
import dev.switchgear.schemas.BreakerState;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetCircuitBreakerTest {

  private static final CircuitBreakerConfig CONFIG =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(4)
          .minimumNumberOfCalls(4)
          .ignoreExceptions(FileNotFoundException.class)
          .recordExceptions(IOException.class)
          .recordResult("bad"::equals)
          .build();

  private final TestGear test = TestGear.of("checkout");
  private final CircuitBreaker existing = CircuitBreaker.of("payments", CONFIG);
  private final CircuitBreaker breaker =
      FleetCircuitBreaker.of(existing, test.gear().guard("payments"));

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void results_areCountedToTheFleetAsTheConfigurationNamesThem() {
    breaker.executeSupplier(() -> "good");
    breaker.executeSupplier(() -> "bad");
    fail(new IOException());
    fail(new FileNotFoundException());
    fail(new IllegalStateException());
    fail(new CancellationException());

    assertThat(test.seen("payments"))
        .isEqualTo(
            new TestGear.Seen(
                4, Map.of("IOException", 1L, "ResultRecordedAsFailureException", 1L), 0, 0));
  }

  @Test
  void whenTheFleetOpens_nothingIsPermitted() {
    test.open("payments");

    assertThatThrownBy(() -> breaker.executeSupplier(() -> "called"))
        .isInstanceOf(CallNotPermittedException.class)
        .hasMessage("CircuitBreaker 'payments' is FORCED_OPEN and does not permit further calls");
    assertThat(breaker.executeCompletionStage(() -> CompletableFuture.completedStage("called")))
        .failsWithin(1, TimeUnit.SECONDS);

    assertThat(existing.getState()).isEqualTo(State.FORCED_OPEN);
    assertThat(existing.getMetrics().getNumberOfNotPermittedCalls()).isEqualTo(2);
    assertThat(test.seen("payments").refusals()).isEqualTo(2);
  }

  @Test
  void whatIsNotPermitted_isNoFailureOfTheCallAroundIt() throws Exception {
    test.open("payments");
    GuardedCall<String> order =
        test.gear().guard("orders", String.class).fallbackValue("later").build();
    CircuitBreaker around =
        FleetCircuitBreaker.of(CircuitBreaker.of("shop", CONFIG), test.gear().guard("shop"));

    assertThat(order.call(breaker.decorateCallable(() -> "called"))).isEqualTo("later");
    assertThat(
            order.callAsync(() -> breaker.executeCompletionStage(FleetCircuitBreakerTest::answer)))
        .isCompletedWithValue("later");
    assertThatThrownBy(() -> around.executeSupplier(breaker.decorateSupplier(() -> "called")))
        .isInstanceOf(CallNotPermittedException.class);

    TestGear.Seen nothing = new TestGear.Seen(0, Map.of(), 0, 0);
    assertThat(test.seen("orders")).isEqualTo(nothing);
    assertThat(test.seen("shop")).isEqualTo(nothing);
  }

  private static CompletionStage<String> answer() {
    return CompletableFuture.completedStage("called");
  }

  @Test
  void whenTheFleetDoesNotOpen_aBadWindowOpensNothing() {
    for (int i = 0; i < 20; i++) {
      fail(new IOException());
    }

    assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    assertThat(breaker.tryAcquirePermission()).isTrue();
    assertThat(breaker.getMetrics().getFailureRate()).isEqualTo(100);
  }

  @Test
  void whileItRecovers_aShareOfCallsIsPermitted() {
    test.recovering("payments", 5_000);

    int permitted = 0;
    for (int i = 0; i < 1_000; i++) {
      if (breaker.tryAcquirePermission()) {
        breaker.onSuccess(1, TimeUnit.MILLISECONDS);
        permitted++;
      }
    }

    assertThat(permitted).isBetween(400, 600);
    assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
    assertThat(test.seen("payments"))
        .isEqualTo(new TestGear.Seen(permitted, Map.of(), 1_000 - permitted, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSED, 10000, CLOSED, METRICS_ONLY",
    "OPEN, 0, FORCED_OPEN, FORCED_OPEN",
    "HELD_OPEN, 0, FORCED_OPEN, FORCED_OPEN",
    "PROBING, 9999, HALF_OPEN, METRICS_ONLY",
    "RECOVERING, 9999, HALF_OPEN, METRICS_ONLY",
    "HELD_CLOSED, 10000, DISABLED, DISABLED",
    "SHADOW, 0, DISABLED, DISABLED"
  })
  void whatTheFleetIsIn_showsHere(
      dev.switchgear.schemas.State fleet, int share, State met, State like) {
    test.publish(state(fleet, share));
    breaker.tryAcquirePermission();

    assertThat(breaker.getState()).isEqualTo(met);
    assertThat(existing.getState()).isEqualTo(like);
  }

  @Test
  void listenersOfTheExistingOne_areToldOfTheFleetsTransitions() {
    List<StateTransition> told = new ArrayList<>();
    existing.getEventPublisher().onStateTransition(e -> told.add(e.getStateTransition()));
    List<String> succeeded = new ArrayList<>();
    breaker.getEventPublisher().onSuccess(e -> succeeded.add(e.getCircuitBreakerName()));

    test.open("payments");
    breaker.tryAcquirePermission();
    test.closed("payments");
    breaker.executeSupplier(() -> "good");

    assertThat(told)
        .containsExactly(
            StateTransition.METRICS_ONLY_TO_FORCED_OPEN,
            StateTransition.FORCED_OPEN_TO_METRICS_ONLY);
    assertThat(succeeded).containsExactly("payments");
  }

  @Test
  void permissionsGivenBack_leaveNothingBehind() {
    breaker.acquirePermission();
    breaker.releasePermission();

    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(0, Map.of(), 0, 0));
  }

  @Test
  void resultsNobodyAskedAPermissionFor_areCountedUnlessRefused() {
    breaker.onSuccess(1, TimeUnit.MILLISECONDS);
    test.open("payments");
    breaker.onError(1, TimeUnit.MILLISECONDS, new IOException());

    assertThat(test.seen("payments").calls()).isEqualTo(1);
    assertThat(test.seen("payments").errors()).isEmpty();
  }

  @Test
  void transitionsByHand_areTheFleets() {
    assertThatThrownBy(breaker::transitionToForcedOpenState)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("switchgear hold payments");

    test.open("payments");
    breaker.reset();

    assertThat(existing.getState()).isEqualTo(State.FORCED_OPEN);
  }

  @Test
  void aWholeRegistry_followsByOneLine() {
    CircuitBreakerRegistry registry = CircuitBreakerRegistry.of(CONFIG);
    registry.circuitBreaker("payments", Map.of("team", "red"));
    CircuitBreaker other = registry.circuitBreaker("mail");

    FleetCircuitBreaker.followAll(
        registry, each -> each == other ? null : test.gear().guard(each.getName()));
    test.open("payments");

    assertThat(registry.circuitBreaker("payments").tryAcquirePermission()).isFalse();
    assertThat(registry.circuitBreaker("payments").getTags()).containsEntry("team", "red");
    assertThat(registry.circuitBreaker("mail")).isSameAs(other);
  }

  private void fail(Exception thrown) {
    assertThatThrownBy(
            () ->
                breaker.executeCallable(
                    () -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }

  private static BreakerState state(dev.switchgear.schemas.State state, int share) {
    return BreakerState.newBuilder()
        .setBreaker("payments")
        .setState(state)
        .setEpoch(7)
        .setAdmittedShare(share)
        .setRetryAfterMillis(0)
        .setReason("as the test wants it")
        .setDecidedAtMillis(1)
        .build();
  }
}
