package dev.switchgear.breaker.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.policy.Quota;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DivisionPropertyTest {

  private static final List<String> TIERS = List.of("gold", "free");

  /** Whole calls a second, so that what is wanted is exact. */
  record Fleet(Quota quota, List<Map<String, Long>> wanted) {

    Division division() {
      Map<String, Claimant> claimants = new TreeMap<>();
      for (int i = 0; i < wanted.size(); i++) {
        Map<String, Double> rates = new TreeMap<>();
        wanted.get(i).forEach((tier, calls) -> rates.put(tier, (double) calls));
        claimants.put("instance-%03d".formatted(i), new Claimant(rates, 0));
      }
      return new Division(quota, claimants);
    }

    long wanted(String tier) {
      long most = quota.calls() * Division.THOUSANDTHS;
      return wanted.stream().mapToLong(w -> Math.min(most, wanted(w, tier))).sum();
    }

    static long wanted(Map<String, Long> instance, String tier) {
      return instance.getOrDefault(tier, 0L) * Division.THOUSANDTHS;
    }
  }

  @Provide
  Arbitrary<Fleet> fleets() {
    Arbitrary<Long> small = Arbitraries.longs().between(1, 1_000);
    Arbitrary<Long> any = Arbitraries.longs().between(1, 1_000_000_000);
    Arbitrary<Long> limits = Arbitraries.oneOf(small, any);
    Arbitrary<Integer> parts = Arbitraries.integers().between(0, 10);
    Arbitrary<Quota> quotas =
        Combinators.combine(limits, parts, parts)
            .as((calls, gold, free) -> quota(calls, gold, Math.min(free, 10 - gold)));
    Arbitrary<Map<String, Long>> wants =
        Arbitraries.maps(
                Arbitraries.of("gold", "free", "unheard-of"),
                Arbitraries.oneOf(Arbitraries.just(0L), small, any))
            .ofMaxSize(3);
    return Combinators.combine(quotas, wants.list().ofMaxSize(30)).as(Fleet::new);
  }

  private static Quota quota(long calls, long gold, long free) {
    Map<String, Long> guaranteed = Map.of("gold", calls * gold / 10, "free", calls * free / 10);
    return new Quota(calls, Duration.ofSeconds(1), guaranteed);
  }

  @Property(tries = 300)
  void neverIsMoreHandedOutThanTheLimit_whoeverComesNextIncluded(@ForAll("fleets") Fleet fleet) {
    Division division = fleet.division();

    long sum = sum(division.start());
    for (int i = 0; i < fleet.wanted().size(); i++) {
      sum += sum(division.shares(i));
    }

    assertThat(sum).isBetween(0L, fleet.quota().calls() * Division.THOUSANDTHS);
  }

  @Property(tries = 300)
  void aTierGetsWhatItIsGuaranteed_asFarAsItWantsIt(@ForAll("fleets") Fleet fleet) {
    Division division = fleet.division();

    for (String tier : TIERS) {
      long got = 0;
      for (int i = 0; i < fleet.wanted().size(); i++) {
        got += Math.min(of(division.shares(i), tier), of(division.wanted(i), tier));
      }
      long promised = fleet.quota().guaranteed().getOrDefault(tier, 0L) * Division.THOUSANDTHS;
      assertThat(got).isGreaterThanOrEqualTo(Math.min(promised, fleet.wanted(tier)));
    }
  }

  @Property(tries = 300)
  void whatIsWantedIsGiven_whereThereIsEnough(@ForAll("fleets") Fleet fleet) {
    Division division = fleet.division();
    long whole = fleet.quota().calls() * Division.THOUSANDTHS;
    long wanted = fleet.wanted("gold") + fleet.wanted("free") + fleet.wanted("unheard-of");

    for (int i = 0; i < fleet.wanted().size(); i++) {
      for (String tier : division.wanted(i).keySet()) {
        if (wanted <= whole * 3 / 4) {
          assertThat(of(division.shares(i), tier))
              .isGreaterThanOrEqualTo(of(division.wanted(i), tier));
        }
      }
    }
  }

  @Property(tries = 300)
  void nobodyStarves_whereSomethingIsNotGuaranteed(@ForAll("fleets") Fleet fleet) {
    Division division = fleet.division();
    long kept = fleet.quota().guaranteed().values().stream().mapToLong(Long::longValue).sum();
    long free = (fleet.quota().calls() - kept) * Division.THOUSANDTHS;
    long claims = 3L * (fleet.wanted().size() + 1);

    for (int i = 0; i < fleet.wanted().size(); i++) {
      for (String tier : division.wanted(i).keySet()) {
        boolean wants = of(division.wanted(i), tier) > 0;
        if (wants && free > claims) {
          assertThat(of(division.shares(i), tier)).isPositive();
        }
      }
    }
  }

  @Property(tries = 300)
  void nobodyHasNothing_notEvenWhoWantsNothing_whereSomethingIsNotGuaranteed(
      @ForAll("fleets") Fleet fleet) {
    Division division = fleet.division();
    long kept = fleet.quota().guaranteed().values().stream().mapToLong(Long::longValue).sum();
    long free = (fleet.quota().calls() - kept) * Division.THOUSANDTHS;

    if (free >= 3L * (fleet.wanted().size() + 1)) {
      assertThat(division.start().values()).allMatch(share -> share > 0);
      for (int i = 0; i < fleet.wanted().size(); i++) {
        assertThat(division.shares(i).values()).allMatch(share -> share > 0);
      }
    }
  }

  @Property(tries = 300)
  void whoWantsMore_getsNoLess_withinATier(@ForAll("fleets") Fleet fleet) {
    Division division = fleet.division();

    for (String tier : TIERS) {
      for (int i = 1; i < fleet.wanted().size(); i++) {
        boolean more = of(division.wanted(i), tier) > of(division.wanted(i - 1), tier);
        if (more) {
          assertThat(of(division.shares(i), tier))
              .isGreaterThanOrEqualTo(of(division.shares(i - 1), tier) - 1);
        }
      }
    }
  }

  private static long of(Map<String, Long> amounts, String tier) {
    return amounts.getOrDefault(tier, 0L);
  }

  private static long sum(Map<String, Long> amounts) {
    return amounts.values().stream().mapToLong(Long::longValue).sum();
  }
}
