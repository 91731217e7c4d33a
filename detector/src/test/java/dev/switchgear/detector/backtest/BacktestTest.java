package dev.switchgear.detector.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.Open;
import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestTest {

  private static final long START = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;

  private final Backtest backtest = new Backtest(PolicyBook.BUILT_IN);

  @Test
  void anOutage_tripsItsBreaker_whichRefusesUntilItIsOver_andClosesAgain() {
    calls("payments", 0, 60, 20, 0, 40);
    calls("payments", 60, 62, 20, 1, 40);
    calls("payments", 62, 90, 20, 0, 40);

    Hindsight hindsight = backtest.hindsight();
    assertThat(hindsight.symptoms())
        .singleElement()
        .satisfies(
            felt -> {
              assertThat(felt.dependency()).isEqualTo("payments");
              assertThat(felt.kind()).isEqualTo(Symptom.Kind.ERRORS);
              assertThat(felt.fromMillis()).isBetween(minute(60), minute(60) + 2_000);
              assertThat(felt.toMillis()).isBetween(minute(61), minute(66));
            });
    List<Hindsight.Move> moves = hindsight.transitions();
    assertThat(moves.get(0).transition().to()).isInstanceOf(Open.class);
    assertThat(moves.get(moves.size() - 1).transition().to()).isInstanceOf(Closed.class);
    Hindsight.Judgement payments = hindsight.breakers().get(0);
    assertThat(payments.trips()).isGreaterThan(1);
    assertThat(payments.calls()).isBetween(107_900.0, 108_000.0);
    assertThat(payments.refused()).isBetween(2_000.0, 10_000.0);
    assertThat(payments.notClosedMillis()).isBetween(100_000L, 300_000L);
  }

  @Test
  void healthIsNoSymptom() {
    calls("payments", 0, 120, 20, 0.01, 40);

    Hindsight hindsight = backtest.hindsight();
    assertThat(hindsight.symptoms()).isEmpty();
    assertThat(hindsight.transitions()).isEmpty();
    assertThat(hindsight.breakers().get(0).refused()).isZero();
  }

  @Test
  void latenciesFarAboveTheBaseline_tripAsSlowness() {
    calls("search", 0, 60, 20, 0, 40);
    calls("search", 60, 65, 20, 0, 3_000);

    assertThat(backtest.hindsight().transitions())
        .first()
        .satisfies(move -> assertThat(move.transition().to()).isInstanceOf(Open.class));
  }

  @Test
  void whoeverIsNotHeardOf_whileTheOthersAre_isSilent() {
    calls("payments", 0, 60, 20, 0, 40);
    calls("search", 0, 90, 20, 0, 40);
    calls("stock", 0, 90, 20, 0, 40);

    assertThat(backtest.hindsight().symptoms())
        .singleElement()
        .satisfies(
            felt -> {
              assertThat(felt.dependency()).isEqualTo("payments");
              assertThat(felt.kind()).isEqualTo(Symptom.Kind.SILENCE);
              assertThat(felt.toMillis()).isNull();
            });
  }

  @Test
  void whereNobodyIsHeardOf_nobodyIsSilent() {
    for (String name : List.of("payments", "search", "stock")) {
      calls(name, 0, 60, 20, 0, 40);
      calls(name, 90, 120, 20, 0, 40);
    }

    assertThat(backtest.hindsight().symptoms()).isEmpty();
  }

  @Test
  void aProcessorGauge_isASymptom_butTripsNothing() {
    for (long at = START; at < START + 2 * HOUR; at += 15_000) {
      double used = at < START + HOUR ? 0.2 : 0.9;
      backtest.take("payments", new SeriesSample(at, Map.of(Measure.CPU, used)));
    }

    Hindsight hindsight = backtest.hindsight();
    assertThat(hindsight.symptoms())
        .singleElement()
        .satisfies(felt -> assertThat(felt.kind()).isEqualTo(Symptom.Kind.SATURATION));
    assertThat(hindsight.transitions()).isEmpty();
  }

  /** A guard that times a part of many calls times all where few are let through. */
  @Test
  void observedCalls_ofWhichAPartWasTimed_tripAsSlow_andStayOpenUntilTheyAreQuick() {
    for (int second = 0; second < 600; second++) {
      boolean slow = second >= 300 && second < 360;
      Histogram latency = new Histogram(3, 0L, slow ? 248 : 192, List.of(1_000L));
      backtest.take(observation(second, 0).setCalls(16_000).setLatencyNanos(latency).build());
    }

    List<Hindsight.Move> moves = backtest.hindsight().transitions();
    assertThat(moves.get(0).transition().to()).isInstanceOf(Open.class);
    assertThat(moves.get(0).transition().atMillis()).isBetween(START + 300_000, START + 305_000);
    assertThat(moves)
        .filteredOn(move -> move.transition().to() instanceof Closed)
        .singleElement()
        .satisfies(move -> assertThat(move.transition().atMillis()).isGreaterThan(START + 360_000));
  }

  @Test
  void observedCalls_thatAllFail_tripAsTheyWouldHave_andFewProbesPassUntilTheyAreWell() {
    observed(0, 300, 0);
    observed(300, 360, 10);
    observed(360, 600, 0);

    Hindsight hindsight = backtest.hindsight();
    Hindsight.Move first = hindsight.transitions().get(0);
    assertThat(first.breaker()).isEqualTo("payments/charge");
    assertThat(first.transition().to()).isInstanceOf(Open.class);
    assertThat(first.transition().atMillis()).isBetween(START + 300_000, START + 305_000);
    Hindsight.Judgement judged = hindsight.breakers().get(0);
    assertThat(judged.calls()).isEqualTo(6_000);
    assertThat(judged.refused()).isBetween(300.0, 1_500.0);
    assertThat(judged.late()).isZero();
    assertThat(hindsight.symptoms())
        .singleElement()
        .satisfies(felt -> assertThat(felt.kind()).isEqualTo(Symptom.Kind.ERRORS));
  }

  @Test
  void whereThePolicySplits_aRegionThatSuffersAloneTrips_andTheOthersCallOn(@TempDir Path folder)
      throws IOException {
    Backtest split = splitBy("region", folder);

    for (int second = 0; second < 400; second++) {
      boolean out = second >= 300 && second < 360;
      split.take(observation(second, out ? 10 : 0).setRegion("eu").build());
      split.take(observation(second, 0).setRegion("us").build());
      split.take(observation(second, 0).setRegion("ap").build());
    }

    Hindsight hindsight = split.hindsight();
    Hindsight.Move first = hindsight.transitions().get(0);
    assertThat(first.breaker()).isEqualTo("payments/charge@eu");
    assertThat(first.transition().to()).isInstanceOf(Open.class);
    assertThat(hindsight.transitions())
        .allSatisfy(move -> assertThat(move.breaker()).isEqualTo("payments/charge@eu"));
    assertThat(hindsight.breakers())
        .extracting(Hindsight.Judgement::breaker)
        .containsExactly(
            "payments/charge", "payments/charge@ap", "payments/charge@eu", "payments/charge@us");
    Hindsight.Judgement whole = hindsight.breakers().get(0);
    Hindsight.Judgement eu = hindsight.breakers().get(2);
    assertThat(whole.calls()).isEqualTo(12_000);
    assertThat(eu.calls()).isEqualTo(4_000);
    assertThat(eu.refused()).isEqualTo(whole.refused()).isBetween(300.0, 1_000.0);
    assertThat(hindsight.symptoms())
        .first()
        .satisfies(felt -> assertThat(felt.dependency()).isEqualTo("payments/charge@eu"));
  }

  @Test
  void whereThePolicySplits_partsThatSufferTogetherComeBackTogether(@TempDir Path folder)
      throws IOException {
    Backtest split = splitBy("region", folder);

    for (int second = 0; second < 600; second++) {
      boolean out = second >= 300 && second < 360;
      for (String region : List.of("ap", "eu", "sa", "us", "za")) {
        boolean ill = out && (region.equals("eu") || region.equals("us"));
        split.take(observation(second, ill ? 10 : 0).setRegion(region).build());
      }
    }

    Hindsight hindsight = split.hindsight();
    for (String region : List.of("eu", "us")) {
      List<Hindsight.Move> moves =
          hindsight.transitions().stream()
              .filter(move -> move.breaker().equals("payments/charge@" + region))
              .toList();
      assertThat(moves.get(0).transition().to()).isInstanceOf(Open.class);
      assertThat(moves.get(moves.size() - 1).transition().to()).isInstanceOf(Closed.class);
    }
    assertThat(hindsight.breakers())
        .filteredOn(each -> each.breaker().endsWith("@eu") || each.breaker().endsWith("@us"))
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.refused()).isBetween(300.0, 1_500.0))
        .allSatisfy(each -> assertThat(each.part()).isTrue());
  }

  @Test
  void whereThePolicySplitsByCaller_oneCallersTroubleIsItsOwn(@TempDir Path folder)
      throws IOException {
    Backtest split = splitBy("caller", folder);

    for (int second = 0; second < 310; second++) {
      for (String service : List.of("admin", "app", "checkout")) {
        for (String instance : List.of("-1", "-2")) {
          boolean ill = second >= 300 && service.equals("checkout");
          Observation.Builder told = observation(second, ill ? 10 : 0).setService(service);
          split.take(told.setInstance(service + instance).build());
        }
      }
    }

    assertThat(split.hindsight().transitions())
        .isNotEmpty()
        .allSatisfy(move -> assertThat(move.breaker()).isEqualTo("payments/charge~checkout"));
  }

  @Test
  void whereThePolicySplitsByInstance_oneSickInstanceIsPutAside(@TempDir Path folder)
      throws IOException {
    Backtest split = splitBy("caller, instance", folder);

    for (int second = 0; second < 310; second++) {
      for (String instance : List.of("a", "b", "c", "d")) {
        boolean ill = second >= 300 && instance.equals("b");
        split.take(observation(second, ill ? 10 : 0).setInstance(instance).build());
      }
    }

    assertThat(split.hindsight().transitions())
        .isNotEmpty()
        .allSatisfy(move -> assertThat(move.breaker()).isEqualTo("payments/charge~checkout#b"));
  }

  @Test
  void whereThePolicySplits_andAllRegionsSuffer_theWholeTrips(@TempDir Path folder)
      throws IOException {
    Backtest split = splitBy("region", folder);

    for (int second = 0; second < 310; second++) {
      for (String region : List.of("eu", "us", "ap")) {
        split.take(observation(second, second < 300 ? 0 : 10).setRegion(region).build());
      }
    }

    assertThat(split.hindsight().transitions())
        .first()
        .satisfies(move -> assertThat(move.breaker()).isEqualTo("payments/charge"));
  }

  private static Backtest splitBy(String scope, Path folder) throws IOException {
    Path policy = folder.resolve("p.yaml");
    Files.writeString(policy, "default: { split: [" + scope + "] }");
    return new Backtest(PolicyBook.read(policy));
  }

  /** Ten calls a second, one observation of them a second. */
  private void observed(int fromSecond, int toSecond, long failed) {
    for (int second = fromSecond; second < toSecond; second++) {
      backtest.take(observation(second, failed).build());
    }
  }

  private static Observation.Builder observation(int second, long failed) {
    return Observation.newBuilder()
        .setBreaker("payments/charge")
        .setLane(Lane.GUARD)
        .setService("checkout")
        .setInstance("checkout-1")
        .setSequence(second)
        .setIncarnation(1)
        .setFromMillis(START + second * 1_000L)
        .setIntervalMillis(1_000)
        .setEpoch(0)
        .setCalls(10)
        .setErrors(failed == 0 ? Map.of() : Map.of("IOException", failed))
        .setLatencyNanos(new Histogram(0, 0L, 0, List.of()));
  }

  /** One sample a second. */
  private void calls(
      String name, int fromMinute, int toMinute, double rate, double errors, double millis) {
    for (long at = minute(fromMinute); at < minute(toMinute); at += 1_000) {
      Map<Measure, Double> values = new EnumMap<>(Measure.class);
      values.put(Measure.CALLS_PER_SECOND, rate);
      values.put(Measure.ERROR_SHARE, errors);
      values.put(Measure.LATENCY_P50, millis);
      values.put(Measure.LATENCY_P99, 2 * millis);
      backtest.take(name, new SeriesSample(at, values));
    }
  }

  private static long minute(int number) {
    return START + number * 60_000L;
  }
}
