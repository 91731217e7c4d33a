package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetRateLimiterTest {

  private static final String API = "api/orders";
  private static final RateLimit ALONE = RateLimit.perSecond(2);
  private static final Identity ME = new Identity("shop", "shop-1", null, null, null, 1);
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final HandClocks clocks = new HandClocks();
  private final Pulse pulse = new Pulse();
  private final FleetLimits limits = new FleetLimits(pulse, clocks, ME.instance());
  private final FleetRateLimiter limiter = limits.add(new FleetRateLimiter(API, ALONE, clocks));

  private static QuotaState.Builder told(long epoch, Map<String, Long> thousandths) {
    return QuotaState.newBuilder()
        .setLimit(API)
        .setEpoch(epoch)
        .setCalls(100)
        .setPeriodMillis(1_000)
        .setLeaseMillis((int) LEASE.toMillis())
        .setShares(List.of(new QuotaShare("shop-1", thousandths, Map.of())))
        .setStart(Map.of("*", 7_000L))
        .setAtMillis(1);
  }

  private void tell(long epoch, Map<String, Long> thousandths) {
    tell(told(epoch, thousandths).build());
  }

  private void tell(QuotaState state) {
    pulse.heard(clocks.nanos());
    limits.accept(API, state);
  }

  /** How many calls of a tier are let through at once, after a long pause. */
  private int burst(String tier) {
    clocks.pass(Duration.ofSeconds(5));
    return taken(tier);
  }

  private int taken(String tier) {
    int taken = 0;
    while (limiter.refuse(tier).isEmpty()) {
      taken++;
    }
    return taken;
  }

  private List<QuotaDemand> pass(Duration time) {
    clocks.pass(time);
    return limits.tick(ME, Reading.now(clocks));
  }

  @Test
  void whileNobodyHasToldAShare_itGoesByItself_allTiersTogether() {
    assertThat(limiter.isShared()).isFalse();
    assertThat(burst("gold") + taken("free")).isEqualTo(2);
  }

  @Test
  void aShareThatIsTold_isGoneBy_byEachTier() {
    tell(1, Map.of("gold", 40_000L, "free", 3_500L, "*", 1_000L));

    assertThat(limiter.isShared()).isTrue();
    assertThat(burst("gold")).isEqualTo(40);
    assertThat(burst("free")).isEqualTo(3);
    assertThat(burst("unheard-of")).isEqualTo(1);
    assertThat(taken("*")).isZero();
  }

  @Test
  void aShareOfLessThanACall_isACallNowAndThen() {
    tell(1, Map.of("*", 250L));
    assertThat(burst("*")).isEqualTo(1);

    clocks.pass(Duration.ofMillis(3_900));
    assertThat(taken("*")).isZero();
    clocks.pass(Duration.ofMillis(200));
    assertThat(taken("*")).isEqualTo(1);
  }

  @Test
  void aShareOfNothing_isNothing() {
    tell(1, Map.of("*", 0L));
    assertThat(burst("*")).isZero();
  }

  @Test
  void whoIsNotNamed_takesWhatIsSetAsideForWhoeverComesNext() {
    tell(told(1, Map.of()).setShares(List.of()).build());
    assertThat(burst("*")).isEqualTo(7);
  }

  @Test
  void anotherShare_isNoNewBurst() {
    tell(1, Map.of("*", 40_000L));
    assertThat(burst("*")).isEqualTo(40);

    tell(2, Map.of("*", 80_000L));
    assertThat(taken("*")).isZero();
    clocks.pass(Duration.ofMillis(500));
    assertThat(taken("*")).isEqualTo(40);
  }

  @Test
  void aShareThatGrows_makesNoTokens() {
    tell(daily(1, 30_000));
    clocks.pass(Duration.ofDays(1));
    pulse.heard(clocks.nanos());
    assertThat(limiter.refuse()).isEmpty();

    tell(daily(2, 96_000));
    assertThat(taken("*")).isEqualTo(29);
    clocks.pass(Duration.ofMinutes(30));
    assertThat(taken("*")).isEqualTo(2);
  }

  @Test
  void aShareThatShrinks_keepsWhatFits() {
    tell(daily(1, 30_000));
    clocks.pass(Duration.ofDays(1));
    for (int i = 0; i < 15; i++) {
      assertThat(limiter.refuse()).isEmpty();
    }

    tell(daily(2, 10_000));
    assertThat(taken("*")).isEqualTo(10);
    tell(daily(3, 30_000));
    assertThat(taken("*")).isZero();
  }

  private static QuotaState daily(long epoch, long thousandths) {
    return told(epoch, Map.of("*", thousandths))
        .setPeriodMillis(Duration.ofDays(1).toMillis())
        .build();
  }

  @Test
  void aCallWithoutATier_isOneOfNone() {
    assertThat(limiter.refuse(null)).isEmpty();
    tell(1, Map.of("gold", 40_000L, "*", 3_000L));
    clocks.pass(Duration.ofSeconds(5));

    assertThat(limiter.refuse(null)).isEmpty();
    assertThat(taken("*")).isEqualTo(2);
  }

  @Test
  void whatItRefuses_httpIsToldWithTheFleetsLimit() {
    tell(1, Map.of("*", 2_000L));
    burst("*");

    Refusal refusal = limiter.refuse().orElseThrow();

    assertThat(refusal.stage()).isEqualTo(Stage.RATE_LIMIT);
    assertThat(refusal.retryAfter()).isBetween(Duration.ofMillis(500), Duration.ofMillis(600));
    HttpRefusal http = HttpRefusal.of(refusal);
    assertThat(http.status()).isEqualTo(429);
    assertThat(http.headers())
        .isEqualTo(
            Map.of(
                "Retry-After", "1",
                "RateLimit-Policy", "\"api/orders\";q=100;w=1",
                "RateLimit", "\"api/orders\";r=0;t=1"));
  }

  @Test
  void whenNoDetectorIsHeardForALease_itGoesByItself_untilOneIs() {
    tell(1, Map.of("*", 40_000L));
    pass(LEASE);
    assertThat(burst("*")).isEqualTo(40);

    pass(Duration.ofSeconds(1));
    assertThat(limiter.isShared()).isFalse();
    assertThat(burst("*")).isEqualTo(2);

    pulse.heard(clocks.nanos());
    pass(Duration.ofMillis(250));
    assertThat(limiter.isShared()).isTrue();
  }

  @Test
  void whenThePolicyLimitsNoMore_itGoesByItself() {
    tell(1, Map.of("*", 40_000L));
    limits.accept(API, null);
    assertThat(limiter.isShared()).isFalse();
  }

  @Test
  void aLowerEpoch_isLate_butNotForLongerThanALease() {
    tell(9, Map.of("*", 40_000L));
    tell(3, Map.of("*", 20_000L));
    assertThat(burst("*")).isEqualTo(40);

    pass(LEASE);
    pulse.heard(clocks.nanos());
    pass(Duration.ofSeconds(1));
    assertThat(burst("*")).isEqualTo(20);
  }

  @Test
  void aHigherEpochAfterALowerOne_holds() {
    tell(9, Map.of("*", 40_000L));
    tell(3, Map.of("*", 20_000L));
    tell(10, Map.of("*", 30_000L));

    pass(LEASE.multipliedBy(2));
    pulse.heard(clocks.nanos());
    pass(Duration.ofMillis(250));
    assertThat(burst("*")).isEqualTo(30);
  }

  @Test
  void whatMakesNoSense_isNotBelieved() {
    tell(5, Map.of("*", 40_000L));

    tell(6, Map.of("*", -1L));
    tell(6, Map.of("*", 100_001L));
    tell(told(6, Map.of()).setCalls(0).build());
    tell(told(6, Map.of()).setPeriodMillis(0).build());
    tell(told(6, Map.of()).setPeriodMillis(Long.MAX_VALUE).build());
    tell(told(6, Map.of()).setLeaseMillis(0).build());
    tell(told(-1, Map.of()).build());
    limits.accept("another", told(6, Map.of()).build());

    assertThat(limits.refused()).isEqualTo(8);
    assertThat(burst("*")).isEqualTo(40);
  }

  @Test
  void whatIsWanted_isToldOnceASecond_andAtOnceWhenSomethingIsRefused() {
    tell(1, Map.of("gold", 40_000L, "*", 2_000L));
    assertThat(pass(Duration.ofMillis(250))).hasSize(1);

    limiter.refuse("gold");
    assertThat(pass(Duration.ofMillis(250))).isEmpty();
    limiter.refuse("*");
    limiter.refuse("*");
    limiter.refuse("*");
    List<QuotaDemand> demands = pass(Duration.ofMillis(250));

    assertThat(demands)
        .containsExactly(
            QuotaDemand.newBuilder()
                .setLimit(API)
                .setService("shop")
                .setInstance("shop-1")
                .setIntervalMillis(500)
                .setAdmitted(Map.of("gold", 1L, "*", 2L))
                .setRefused(Map.of("*", 1L))
                .setEpoch(1)
                .build());
    assertThat(pass(Duration.ofMillis(750))).isEmpty();
    assertThat(pass(Duration.ofMillis(250)).get(0).getAdmitted()).isEmpty();
  }

  @Test
  void tiersAreToldByName_beforeTheFleetHasSaidWhichThereAre() {
    limiter.refuse("gold");
    limiter.refuse("free");
    limiter.refuse("free");
    QuotaDemand demand = pass(Duration.ofSeconds(1)).get(0);

    assertThat(demand.getAdmitted()).isEqualTo(Map.of("gold", 1L, "free", 1L));
    assertThat(demand.getRefused()).isEqualTo(Map.of("free", 1L));

    tell(1, Map.of("gold", 40_000L, "*", 1_000L));
    limiter.refuse("free");
    assertThat(pass(Duration.ofSeconds(1)).get(0).getAdmitted()).containsOnlyKeys("*");
  }

  @Test
  void notMoreTiersAreToldApart_thanAPolicyMayName() {
    for (int i = 0; i < 100; i++) {
      limiter.refuse("user-" + i);
    }
    limiter.refuse("x".repeat(64));
    QuotaDemand demand = pass(Duration.ofSeconds(1)).get(0);
    assertThat(demand.getAdmitted()).containsOnlyKeys("user-0", "user-1");
    assertThat(demand.getRefused()).hasSize(14 + 1).containsEntry("*", 85L);
  }

  @Test
  void atTheEnd_itSaysThatItWantsNothing() {
    assertThat(limits.leave(ME)).singleElement().matches(QuotaDemand::getLeaving);
  }

  @Test
  void aGuardedCall_takesOfItsTiersShare_andARefusalNamesTheBreaker() throws Exception {
    try (TestGear test = TestGear.of("shop")) {
      FleetRateLimiter fleet = test.gear().fleetRateLimiter(API, ALONE);
      test.share(API, RateLimit.perSecond(100), Map.of("gold", 2L, "*", 1L));
      test.closed(API);
      test.pass(Duration.ofSeconds(2));
      GuardedCall<String> call =
          test.gear().guard(API, String.class).fleetRateLimit(fleet, () -> "gold").build();

      assertThat(call.call(() -> "one") + call.call(() -> "two")).isEqualTo("onetwo");
      Refusal refusal = (Refusal) call.admit();

      assertThat(refusal.breaker()).isEqualTo(API);
      assertThat(refusal.epoch()).isEqualTo(1);
      assertThat(refusal.reason())
          .isEqualTo(
              "more than this instance's share of 100 calls in PT1S of api/orders for tier gold");
      assertThat(test.seen(API).calls()).isEqualTo(2);
    }
  }

  @Test
  void whatRefusesLater_givesBackWhatWasTakenOfTheShare() {
    try (TestGear test = TestGear.of("shop")) {
      FleetRateLimiter fleet = test.gear().fleetRateLimiter(API, ALONE);
      GuardedCall<String> call =
          test.gear().guard(API, String.class).fleetRateLimit(fleet).bulkhead(1).build();

      Permit running = (Permit) call.admit();
      assertThat(((Refusal) call.admit()).stage()).isEqualTo(Stage.BULKHEAD);
      running.success(1);

      assertThat(call.admit()).isInstanceOf(Permit.class);
    }
  }

  @Test
  void whoCannotTellTheTier_hasTakenNothing() {
    try (TestGear test = TestGear.of("shop")) {
      RateLimiter two = test.gear().rateLimiter("two", RateLimit.perSecond(1));
      FleetRateLimiter fleet = test.gear().fleetRateLimiter(API, ALONE);
      GuardedCall<String> call =
          test.gear()
              .guard(API, String.class)
              .rateLimit(two)
              .fleetRateLimit(fleet, FleetRateLimiterTest::fail)
              .build();

      assertThatThrownBy(call::admit).hasMessage("who is it?");
      assertThat(two.refuse()).isEmpty();
    }
  }

  private static String fail() {
    throw new IllegalStateException("who is it?");
  }
}
