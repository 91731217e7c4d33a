package dev.switchgear.breaker.quota;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.policy.Quota;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class FleetLimitTest {

  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Quota PLAIN = new Quota(100, Duration.ofSeconds(1), Map.of());
  private static final Quota TIERED =
      new Quota(100, Duration.ofSeconds(1), Map.of("gold", 60L, "free", 10L));

  private long now = 1_780_000_000_000L;
  private FleetLimit limit = FleetLimit.begin(PLAIN, LEASE, Duration.ZERO, now);
  private @Nullable Handout told;

  /** A second, in which each wants so many calls of no tier. */
  private boolean second(Map<String, Long> wanted) {
    now += 1_000;
    wanted.forEach((instance, calls) -> limit.hear(demand(instance, "*", calls), now));
    Optional<Handout> news = limit.divide(now);
    news.ifPresent(each -> told = each);
    return news.isPresent();
  }

  private static Demand demand(String instance, String tier, long calls) {
    return new Demand(instance, Map.of(tier, calls), 1_000, false);
  }

  private Handout told() {
    return requireNonNull(told);
  }

  private Handout.Part part(String instance) {
    return requireNonNull(told().parts().get(instance));
  }

  /** In calls of each while. */
  private double share(String instance, String tier) {
    return requireNonNull(part(instance).shares().get(tier)) / 1_000.0;
  }

  private double share(String instance) {
    return share(instance, "*");
  }

  @Example
  void whoWantsLittleGetsIt_andTheOthersShareTheRestAlike() {
    second(Map.of("a", 8L, "b", 500L, "c", 90L));

    assertThat(share("a")).isBetween(8.0, 12.0);
    assertThat(share("b")).isBetween(43.0, 46.0);
    assertThat(share("c")).isBetween(43.0, 46.0);
  }

  @Property(tries = 200)
  void whileDemandIsSteady_nothingIsToldAgain(
      @ForAll @NotEmpty @Size(max = 10) List<@IntRange(max = 200) Integer> wanted,
      @ForAll @Size(30) List<@DoubleRange(min = 0.97, max = 1.03) Double> noise) {
    limit = FleetLimit.begin(PLAIN, LEASE, Duration.ZERO, now);
    for (int s = 0; s < noise.size(); s++) {
      now += 1_000;
      for (int i = 0; i < wanted.size(); i++) {
        int interval = (int) (10_000 * noise.get((s + i) % noise.size()));
        long calls = 10L * wanted.get(i);
        limit.hear(new Demand("i" + i, Map.of("*", calls), interval, false), now);
      }
      assertThat(limit.divide(now).isPresent()).as("second " + s).isEqualTo(s == 0);
    }
  }

  @Example
  void whoVanishes_freesHisShareAfterItsLease_andNotBefore() {
    second(Map.of("a", 500L, "b", 500L));
    for (int s = 0; s < 10; s++) {
      assertThat(second(Map.of("a", 500L))).isFalse();
    }
    assertThat(second(Map.of("a", 500L))).isTrue();
    assertThat(told().parts()).containsOnlyKeys("a");
    assertThat(share("a")).isGreaterThan(94);
  }

  @Example
  void whoLeaves_freesHisShareAtOnce() {
    second(Map.of("a", 500L, "b", 500L));
    limit.hear(new Demand("b", Map.of(), 1, true), now);

    assertThat(second(Map.of("a", 500L))).isTrue();
    assertThat(told().parts()).containsOnlyKeys("a");
  }

  @Example
  void whoeverComesNext_findsAShareSetAside_andIsNamedWithTheNextLook() {
    second(Map.of("a", 500L, "b", 500L));
    assertThat(told().start().get("*")).isPositive();

    second(Map.of("a", 500L, "b", 500L, "new", 500L));

    assertThat(share("new")).isBetween(32.0, 34.0);
  }

  @Example
  void whileNobodyWantsAnything_everybodyMayTakeHisPart() {
    second(Map.of("a", 0L, "b", 0L, "c", 0L));

    assertThat(share("a")).isBetween(24.9, 25.0);
    assertThat(told().start().get("*")).isBetween(24_900L, 25_000L);
  }

  @Example
  void whatATierIsGuaranteed_isLentWhileItIsNotWanted_andIsBackOnceItIs() {
    limit.adopt(TIERED, LEASE);
    for (int s = 0; s < 3; s++) {
      now += 1_000;
      limit.hear(demand("a", "free", 300), now);
      limit.divide(now).ifPresent(each -> told = each);
    }
    assertThat(share("a", "free")).isGreaterThan(90);

    now += 1_000;
    limit.hear(demand("a", "free", 300), now);
    limit.hear(demand("b", "gold", 300), now);
    limit.divide(now).ifPresent(each -> told = each);

    assertThat(share("b", "gold")).isGreaterThanOrEqualTo(60);
    assertThat(share("a", "free")).isGreaterThanOrEqualTo(10);
  }

  @Example
  void aGuaranteeIsHeld_evenWhereTheDifferenceIsSmall() {
    limit.adopt(TIERED, LEASE);
    for (long gold : new long[] {55, 60, 60}) {
      now += 1_000;
      limit.hear(demand("a", "gold", gold), now);
      limit.hear(demand("b", "*", 500), now);
      limit.divide(now).ifPresent(each -> told = each);
    }
    assertThat(share("a", "gold")).isBetween(58.8, 60.0);
  }

  @Example
  void aTierThatThePolicyDoesNotName_hasWhatTheOthersLeave() {
    limit.adopt(TIERED, LEASE);
    now += 1_000;
    limit.hear(demand("a", "gold", 300), now);
    limit.hear(demand("b", "unheard-of", 300), now);
    limit.divide(now).ifPresent(each -> told = each);

    assertThat(share("a", "gold")).isGreaterThanOrEqualTo(60);
    assertThat(share("b", "*")).isBetween(30.0, 40.0);
    assertThat(part("b").shares()).containsOnlyKeys("*", "free", "gold");
  }

  @Example
  void whoGoesOnFromWhatWasTold_tellsNothingNew_andNoLowerEpoch() {
    second(Map.of("a", 80L, "b", 500L));
    long epoch = told().epoch();
    limit = FleetLimit.resume(told(), now);

    assertThat(second(Map.of("a", 80L, "b", 500L))).isFalse();
    assertThat(second(Map.of("a", 80L, "b", 500L, "c", 10L))).isTrue();
    assertThat(told().epoch()).isGreaterThan(epoch);
  }

  @Example
  void whoWasAwayHimself_endsNoLease() {
    second(Map.of("a", 500L, "b", 500L));
    now += Duration.ofMinutes(5).toMillis();

    assertThat(second(Map.of("a", 500L))).isFalse();
  }

  @Example
  void whenTheClockGoesBack_itGoesOn_withHigherEpochs() {
    second(Map.of("a", 500L, "b", 500L));
    long epoch = told().epoch();
    now -= Duration.ofHours(1).toMillis();

    assertThat(second(Map.of("a", 500L, "b", 500L, "c", 500L))).isTrue();
    assertThat(told().epoch()).isEqualTo(epoch + 1);
  }

  @Example
  void whoBegins_listensFirst() {
    limit = FleetLimit.begin(PLAIN, LEASE, Duration.ofSeconds(2), now);

    assertThat(second(Map.of("a", 500L))).isFalse();
    assertThat(second(Map.of("a", 500L, "b", 500L))).isTrue();
    assertThat(told().parts()).containsOnlyKeys("a", "b");
  }

  @Example
  void sharesChangeAtMostTwiceASecond() {
    second(Map.of("a", 500L));
    limit.hear(demand("b", "*", 500), now + 499);
    assertThat(limit.divide(now + 499)).isEmpty();
    assertThat(limit.divide(now + 500)).isPresent();
  }

  @Example
  void anotherLimit_isTold_withTheNextLook() {
    second(Map.of("a", 500L));
    limit.adopt(new Quota(50, Duration.ofSeconds(1), Map.of()), LEASE);

    assertThat(second(Map.of("a", 500L))).isTrue();
    assertThat(share("a")).isBetween(47.0, 50.0);
  }

  @Example
  void moreInstancesThanItHasRoomFor_areNotNamed() {
    for (int i = 0; i < FleetLimit.MOST_INSTANCES; i++) {
      assertThat(limit.hear(demand("i" + i, "*", 1), now)).isTrue();
    }
    assertThat(limit.hear(demand("one more", "*", 1), now)).isFalse();
    assertThat(limit.hear(demand("i0", "*", 1), now)).isTrue();
  }

  @Example
  void withManyTiersItHasRoomForFewer_alsoIfTheyComeLater() {
    for (int i = 0; i < FleetLimit.MOST_INSTANCES; i++) {
      limit.hear(demand("i" + i, "*", 1), now);
    }
    Map<String, Long> tiers = new HashMap<>();
    for (int i = 0; i < Quota.MOST_TIERS; i++) {
      tiers.put("t" + i, 1L);
    }

    limit.adopt(new Quota(100, Duration.ofSeconds(1), tiers), LEASE);
    second(Map.of());

    assertThat(told().parts()).hasSize(529);
    assertThat(limit.hear(demand("one more", "*", 1), now)).isFalse();
  }

  @Example
  void whoWantsNothingOfASmallLimit_mayStillTakeSomething() {
    limit.adopt(new Quota(1, Duration.ofSeconds(1), Map.of()), LEASE);
    for (int i = 0; i < 400; i++) {
      limit.hear(demand("i" + i, "*", i == 0 ? 500 : 0), now);
    }
    second(Map.of());

    assertThat(part("i399").shares().get("*")).isPositive();
    assertThat(told().start().get("*")).isPositive();
  }

  @Example
  void itIsAbandoned_whenAllHaveLeft_orBeenSilentForALease_whichSomebodyHasHeard() {
    long since = now;
    second(Map.of("a", 5L, "b", 5L));
    limit.hear(new Demand("b", Map.of(), 1, true), now);
    long later = now + LEASE.toMillis() + 1;
    assertThat(limit.isAbandoned(since, later - 1)).isFalse();
    assertThat(limit.isAbandoned(now + 5, later)).isFalse();
    assertThat(limit.isAbandoned(since, later)).isTrue();

    limit.hear(new Demand("a", Map.of(), 1, true), now);
    assertThat(limit.isAbandoned(now, now)).isTrue();
  }

  @Example
  void sharesOfAMinute_areThoseOfAMinute() {
    Quota hourly = new Quota(6_000, Duration.ofMinutes(1), Map.of());
    limit = FleetLimit.begin(hourly, LEASE, Duration.ZERO, now);
    second(Map.of("a", 10L, "b", 500L));

    assertThat(part("a").wanted().get("*")).isEqualTo(600_000);
    assertThat(share("a")).isBetween(600.0, 900.0);
  }
}
