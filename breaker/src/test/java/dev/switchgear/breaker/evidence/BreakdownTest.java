package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BreakdownTest {

  private static final double ACCEPTED = 0.1;
  private static final long NOW = 1_780_000_000_000L;
  private static final long MINUTE = 60_000;

  private final Breakdown calls = new Breakdown();
  private final Versions versions = new Versions();

  @Test
  void whereAllSufferAlike_nobodyIsSuspected() {
    for (int i = 0; i < 20; i++) {
      calls.add(caller("checkout", i, "1.4." + i % 2, "eu-west-1"), 20, 10);
      calls.add(caller("cart", i, "7", "us-east-1"), 10, 5);
    }

    assertThat(suspects()).isEmpty();
  }

  @Test
  void theNarrowestWithoutWhomAllIsWellComesFirst() {
    for (int i = 0; i < 10; i++) {
      calls.add(caller("checkout", i, "1.4.2", "eu-west-1"), 20, 20);
      calls.add(caller("checkout", 10 + i, "1.4.1", "eu-west-1"), 20, 0);
      calls.add(caller("cart", i, "7", "us-east-1"), 20, 0);
    }

    Suspect first = suspects().get(0);
    assertThat(first.dimension()).isEqualTo(Dimension.VERSION);
    assertThat(first.value()).isEqualTo("checkout 1.4.2");
    assertThat(first.calls()).isEqualTo(200);
    assertThat(first.bad()).isEqualTo(200);
    assertThat(first.otherCalls()).isEqualTo(400);
    assertThat(first.otherBad()).isZero();
    assertThat(first.firstSeenMillis()).isZero();
    assertThat(first.describe(NOW)).isEqualTo("all in checkout 1.4.2");
  }

  @Test
  void oneOfFiveHundredInstancesIsFound() {
    for (int i = 0; i < 500; i++) {
      calls.add(caller("checkout", i, "1", "eu-west-1"), 10, i == 400 ? 10 : 0);
    }

    assertThat(suspects().get(0).value()).isEqualTo("checkout (checkout-400)");
    assertThat(suspects().get(0).calls() + suspects().get(0).otherCalls()).isEqualTo(5_000);
  }

  @Test
  void aRegionThatIsWorseThanTheOthers_isSaidToBeSo() {
    calls.add(caller("checkout", 0, "1", "eu-west-1"), 100, 90);
    calls.add(caller("checkout", 1, "1", "us-east-1"), 100, 40);
    calls.add(caller("cart", 1, "1", "eu-west-1"), 100, 90);

    Suspect first = suspects().get(0);
    assertThat(first.dimension()).isEqualTo(Dimension.REGION);
    assertThat(first.describe(NOW))
        .isEqualTo("180 of 200 in region eu-west-1, 40 of 100 elsewhere");
  }

  @Test
  void aVersionThatBeganMinutesBefore_isDated() {
    versions.heard(caller("checkout", 0, "1.4.1", "eu-west-1"), NOW - 60 * MINUTE);
    versions.heard(caller("checkout", 1, "1.4.2", "eu-west-1"), NOW - 3 * MINUTE);
    calls.add(caller("checkout", 0, "1.4.1", "eu-west-1"), 20, 0);
    calls.add(caller("checkout", 1, "1.4.2", "eu-west-1"), 20, 20);

    Suspect first = suspects().get(0);
    assertThat(first.firstSeenMillis()).isEqualTo(NOW - 3 * MINUTE);
    assertThat(first.describe(NOW)).isEqualTo("all in checkout 1.4.2, first seen 3 min ago");
  }

  @Test
  void aNewVersionThatEverybodyRuns_isASuspect_thoughThereIsNobodyToCompareItWith() {
    versions.heard(caller("checkout", 0, "1.4.1", "eu-west-1"), NOW - 60 * MINUTE);
    versions.heard(caller("checkout", 0, "1.4.2", "eu-west-1"), NOW - 40_000);
    calls.add(caller("checkout", 0, "1.4.2", "eu-west-1"), 20, 20);

    assertThat(suspects())
        .containsExactly(
            new Suspect(Dimension.VERSION, "checkout 1.4.2", 20, 20, 0, 0, NOW - 40_000, 0));
    assertThat(suspects().get(0).describe(NOW)).endsWith("first seen 40 s ago");
  }

  @Test
  void aVersionThatWasThereWhenTheSeeingBegan_mayBeOfAnyAge() {
    versions.heard(caller("checkout", 0, "1.4.1", "eu-west-1"), NOW - 5_000);
    versions.heard(caller("checkout", 1, "1.4.2", "eu-west-1"), NOW - 4_000);

    assertThat(versions.newFrom("checkout 1.4.1", NOW)).isZero();
    assertThat(versions.newFrom("checkout 1.4.2", NOW)).isZero();
  }

  @Test
  void whatIsKnownOfVersions_survivesARestart() {
    versions.heard(caller("checkout", 0, "1.4.1", "eu-west-1"), NOW - 60 * MINUTE);
    versions.heard(caller("checkout", 0, "1.4.2", "eu-west-1"), NOW - MINUTE);
    Versions restored = new Versions();
    restored.restore(versions.snapshot());
    restored.heard(caller("checkout", 0, "1.4.3", "eu-west-1"), NOW);

    assertThat(restored.newFrom("checkout 1.4.1", NOW)).isZero();
    assertThat(restored.newFrom("checkout 1.4.2", NOW)).isEqualTo(NOW - MINUTE);
    assertThat(restored.newFrom("checkout 1.4.3", NOW)).isEqualTo(NOW);
  }

  @Test
  void endlessVersions_takeNoEndlessRoom() {
    for (int i = 0; i < 1_000; i++) {
      versions.heard(caller("checkout", 0, "build-" + i, "eu-west-1"), NOW + i * MINUTE);
    }

    assertThat(versions.snapshot().seen()).hasSize(Versions.MOST);
    assertThat(versions.newFrom("checkout build-999", NOW + 999 * MINUTE)).isPositive();
  }

  /** Thirty callers, in all dimensions, of which none is any worse: a thousand symptoms. */
  @Test
  void chanceAloneMakesAtMostAFewSuspectsInAThousandSymptoms() {
    int wrong = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      calls.clear();
      for (int i = 0; i < 30; i++) {
        int bad = 0;
        for (int call = 0; call < 10; call++) {
          bad += random.nextDouble() < 0.5 ? 1 : 0;
        }
        calls.add(caller("s" + i % 5, i, "v" + i % 3, "r" + i % 4), 10, bad);
      }
      wrong += suspects().isEmpty() ? 0 : 1;
    }

    assertThat(wrong).isLessThanOrEqualTo(4);
  }

  private List<Suspect> suspects() {
    return calls.suspects(ACCEPTED, versions, NOW);
  }

  private static Caller caller(String service, int instance, String version, String region) {
    return new Caller(service, service + "-" + instance, version, region + instance, region);
  }
}
