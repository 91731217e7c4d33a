package dev.switchgear.breaker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A breaker and those of its parts: which of them opens when some regions or callers suffer. */
class PartsTest {

  private static final long START = 1_780_000_000_000L;
  private static final long QUARTER = 250;

  @Test
  void oneSickRegionOfThree_opensItsOwn_andNeverTheWhole() {
    Regions regions = new Regions(Scope.REGION, 3, 4, 25, 7);
    regions.run(60, 0, 0, 0);
    regions.run(400, 1, 0, 0);

    assertThat(regions.moves).startsWith("p@r0 Open").noneMatch(move -> move.startsWith("p "));
    assertThat(regions.moves).allMatch(move -> move.startsWith("p@r0 "));
  }

  @Test
  void itCostsTensOfCalls() {
    for (int seed = 0; seed < 50; seed++) {
      Regions regions = new Regions(Scope.REGION, 3, 4, 2, seed);
      regions.run(60, 0, 0, 0);
      regions.untilSomethingOpens(1, 0, 0);

      assertThat(regions.moves).containsExactly("p@r0 Open");
      assertThat(regions.failed).as("seed %s", seed).isBetween(1L, 60L);
    }
  }

  @Test
  void whereAllRegionsSuffer_theWholeOpens_asSoonAsWithoutParts() {
    for (int seed = 0; seed < 50; seed++) {
      Regions apart = new Regions(Scope.REGION, 3, 4, 2, seed);
      Regions together = new Regions(Scope.REGION, 3, 4, 2, seed, Set.of());
      for (Regions each : List.of(apart, together)) {
        each.run(60, 0, 0, 0);
        each.untilSomethingOpens(1, 1, 1);
      }

      assertThat(apart.moves).as("seed %s", seed).containsExactly("p Open");
      assertThat(apart.failed).as("seed %s", seed).isLessThanOrEqualTo(together.failed + 24);
    }
  }

  @Test
  void oneSickCallerOfThree_opensItsOwn_andNeverTheWhole() {
    Regions callers = new Regions(Scope.CALLER, 3, 4, 25, 7);
    callers.run(60, 0, 0, 0);
    callers.run(400, 0, 1, 0);

    assertThat(callers.moves).startsWith("p~s1 Open").allMatch(move -> move.startsWith("p~s1 "));
  }

  @Test
  void oneSickInstanceOfMany_opensItsOwn_andNeverTheWhole() {
    Regions instances = new Regions(Scope.INSTANCE, 12, 1, 3, 7);
    instances.run(60);
    instances.run(400, 0, 0, 1);

    assertThat(instances.moves)
        .startsWith("p~checkout#i2-0 Open")
        .allMatch(move -> move.startsWith("p~checkout#i2-0 "));
  }

  @Test
  void oneSickCaller_opensTheBreakerOfTheCaller_andNotOfEachOfItsInstances() {
    Set<Scope> split = Set.of(Scope.CALLER, Scope.INSTANCE);
    for (int seed = 0; seed < 50; seed++) {
      Regions callers = new Regions(Scope.CALLER, 3, 4, 25, seed, split);
      callers.run(60);
      callers.run(40, 0, 1);

      assertThat(callers.moves)
          .as("seed %s", seed)
          .startsWith("p~s1 Open")
          .allMatch(move -> move.startsWith("p~s1 "));
    }
  }

  @Test
  void oneSickInstanceOfACaller_opensNeitherTheCallersNorTheWhole() {
    Set<Scope> split = Set.of(Scope.CALLER, Scope.INSTANCE);
    Regions callers = new Regions(Scope.CALLER, 3, 4, 25, 7, split);
    callers.sickInstances = 1;
    callers.run(60);
    callers.run(400, 0, 1);

    assertThat(callers.moves)
        .startsWith("p~s1#i1-0 Open")
        .allMatch(move -> move.startsWith("p~s1#i1-0 "));
  }

  /** Their names are none that an id can hold, or they are more than have a place. */
  @ParameterizedTest
  @CsvSource({"10, 0, 4", "10, 2, 4", "300, 100, 120", "100, 0, 40"})
  void instancesWithoutABreakerOfTheirOwn_areJudgedWithAllOthers(int count, int places, int sick) {
    Regions instances = new Regions(Scope.INSTANCE, count, 1, 1, 7);
    instances.places = places;
    instances.run(120);
    int[] some = new int[count];
    Arrays.fill(some, count - sick, count, 1);
    instances.run(40, some);

    assertThat(instances.moves).contains("p Open");
  }

  @Test
  void whereFewCallOften_andManySeldom_anOutageOfAllOpensTheWholeAtOnce() {
    for (int seed = 0; seed < 20; seed++) {
      Regions instances = new Regions(Scope.INSTANCE, 70, 1, 5, seed);
      instances.seldom = caller -> caller.instance().matches("i[2-6][0-9]-0");
      int[] all = new int[70];
      Arrays.fill(all, 1);
      instances.run(240);
      instances.failed = 0;
      instances.run(20, all);

      assertThat(instances.moves).as("seed %s", seed).contains("p Open");
      assertThat(instances.failed).as("seed %s", seed).isLessThan(300);
    }
  }

  /** Over before the first probe, and one in which hundreds of probes fail. */
  @ParameterizedTest
  @CsvSource({"20, 25, 8, 10", "10, 1, 2400, 4"})
  void anOutageOfAll_leavesNoSuspicionOfAnyInstance(
      int count, int callsPerQuarter, int quarters, int seeds) {
    for (int seed = 0; seed < seeds; seed++) {
      Regions instances = new Regions(Scope.INSTANCE, count, 1, callsPerQuarter, seed);
      int[] all = new int[count];
      Arrays.fill(all, 1);
      instances.run(240);
      instances.run(quarters, all);
      instances.run(400);

      assertThat(instances.moves)
          .as("seed %s", seed)
          .startsWith("p Open")
          .endsWith("p Closed")
          .allMatch(move -> move.startsWith("p "));
    }
  }

  @Test
  void whereMostPartsSuffer_butMakeFewOfTheCalls_theirOwnBreakersOpen() {
    Regions regions = new Regions(Scope.REGION, 3, 1, 250, 7);
    regions.callsPerQuarterOf.put("r1", 5);
    regions.callsPerQuarterOf.put("r2", 5);
    regions.run(60);
    regions.run(60, 0, 1, 1);

    assertThat(regions.moves)
        .contains("p@r1 Open", "p@r2 Open")
        .noneMatch(move -> move.startsWith("p ") || move.startsWith("p@r0"));
  }

  @Test
  void whoIsPutAsideWithItsService_hasNoSayAsAnInstance() {
    Regions callers = new Regions(Scope.CALLER, 2, 30, 2, 7, Set.of(Scope.CALLER, Scope.INSTANCE));
    callers.run(120);
    callers.run(40, 1, 0);
    assertThat(callers.moves).contains("p~s0 Open").noneMatch(move -> move.contains("#"));
    callers.run(12, 1, 1);

    assertThat(callers.moves)
        .noneMatch(move -> move.contains("#"))
        .anyMatch(move -> move.equals("p Open") || move.equals("p~s1 Open"));
  }

  @Test
  void aPartThatIsHeldClosed_doesNotHideAnOutageFromTheWhole() {
    Regions regions = new Regions(Scope.REGION, 1, 4, 25, 7);
    regions.run(60);
    Command hold =
        new Command(
            Command.Kind.HOLD_CLOSED, "ana", "a drill", regions.now, regions.now + 9_000_000);
    requireNonNull(regions.parts.get("p@r0")).command(hold, regions.now);
    regions.run(12, 1);

    assertThat(regions.moves).containsExactly("p Open");
  }

  @Test
  void whoseInstanceIsGone_itsBreakerIsClosed_unlessItIsHeld() {
    Regions instances = new Regions(Scope.INSTANCE, 4, 1, 25, 7);
    instances.run(60);
    instances.run(20, 1);
    Breaker gone = requireNonNull(instances.parts.get("p~checkout#i0-0"));
    assertThat(gone.state()).isInstanceOf(Open.class);
    long epoch = gone.epoch();

    Transition closed = gone.abandon(instances.now + 600_000).orElseThrow();
    assertThat(closed.to()).isInstanceOf(Closed.class);
    assertThat(closed.epoch()).isEqualTo(epoch + 1);
    assertThat(gone.hasTimer()).isFalse();
    assertThat(gone.abandon(instances.now + 600_000)).isEmpty();

    Command hold =
        new Command(
            Command.Kind.HOLD_OPEN, "ana", "a drill", instances.now, instances.now + 9_000_000);
    gone.command(hold, instances.now);
    assertThat(gone.abandon(instances.now + 600_000)).isEmpty();
  }

  /** More of them than are told apart. */
  @ParameterizedTest
  @ValueSource(ints = {20, 100, 150, 300})
  void whereAllInstancesSuffer_theWholeOpens_asSoonAsWithoutParts(int count) {
    for (int seed = 0; seed < 5; seed++) {
      Regions apart = new Regions(Scope.INSTANCE, count, 1, 1, seed);
      Regions together = new Regions(Scope.INSTANCE, count, 1, 1, seed, Set.of());
      int[] all = new int[count];
      Arrays.fill(all, 1);
      for (Regions each : List.of(apart, together)) {
        each.run(120);
        each.untilSomethingOpens(all);
      }

      assertThat(apart.moves).as("seed %s", seed).containsExactly("p Open");
      assertThat(apart.failed).as("seed %s", seed).isLessThanOrEqualTo(together.failed + count);
    }
  }

  @Test
  void oneSickInstanceOfARegion_opensNothing() {
    Regions regions = new Regions(Scope.REGION, 3, 4, 25, 7);
    regions.sickInstances = 1;
    regions.run(60, 0, 0, 0);
    regions.run(400, 1, 0, 0);

    assertThat(regions.moves).isEmpty();
  }

  @Test
  void whereOnlyOneRegionCalls_theWholeIsEnough() {
    Regions regions = new Regions(Scope.REGION, 1, 4, 25, 7);
    regions.run(60, 0);
    regions.untilSomethingOpens(1);

    assertThat(regions.moves).containsExactly("p Open");
  }

  @Test
  void onceTheOthersSufferToo_everyRegionIsRefused() {
    Regions regions = new Regions(Scope.REGION, 3, 4, 25, 7);
    regions.run(60, 0, 0, 0);
    regions.run(12, 1, 0, 0);
    regions.run(12, 1, 1, 1);

    assertThat(regions.moves).startsWith("p@r0 Open").contains("p Open");
  }

  @Test
  void aRegionThatIsWellAgain_comesBack() {
    Regions regions = new Regions(Scope.REGION, 3, 4, 25, 7);
    regions.run(60, 0, 0, 0);
    regions.run(40, 1, 0, 0);
    regions.run(240, 0, 0, 0);

    assertThat(regions.moves).startsWith("p@r0 Open").endsWith("p@r0 Closed");
    assertThat(regions.moves).allMatch(move -> move.startsWith("p@r0 "));
  }

  /** However many regions there are, however much they call and whichever is sick. */
  @Property(tries = 60)
  void oneSickRegionNeverOpensTheWhole(
      @ForAll @IntRange(min = 2, max = 5) int regions,
      @ForAll @IntRange(min = 1, max = 4) int instances,
      @ForAll @IntRange(min = 1, max = 30) int callsPerQuarter,
      @ForAll @IntRange(max = 1_000) int seed) {
    Regions fleet = new Regions(Scope.REGION, regions, instances, callsPerQuarter, seed);
    int[] sick = new int[regions];
    fleet.run(80, sick);
    sick[seed % regions] = 1;
    fleet.run(300, sick);

    assertThat(fleet.moves).isNotEmpty();
    assertThat(fleet.moves).allMatch(move -> move.startsWith("p@r" + seed % regions + " "));
  }

  /**
   * Instances in regions, or of services, that obey the breakers, report each quarter of a second
   * at a phase of their own, and fail one call in a hundred when they are well.
   */
  private static final class Regions {
    private static final double SELDOM_PER_QUARTER = 0.125;
    private final BreakerPolicy policy;
    private final SplittableRandom random;
    private final int instances;
    private final int callsPerQuarter;
    private final Breaker whole;
    private final Map<String, Breaker> parts = new TreeMap<>();
    private final List<Caller> callers = new ArrayList<>();
    final List<String> moves = new ArrayList<>();
    int sickInstances = Integer.MAX_VALUE;

    /** So many parts have breakers of their own. */
    int places = Integer.MAX_VALUE;

    final Map<String, Integer> callsPerQuarterOf = new TreeMap<>();

    /** Who calls once in two seconds only. */
    Predicate<Caller> seldom = caller -> false;

    long failed;
    private long now = START;

    Regions(Scope scope, int parts, int instances, int callsPerQuarter, long seed) {
      this(scope, parts, instances, callsPerQuarter, seed, Set.of(scope));
    }

    Regions(
        Scope scope, int parts, int instances, int callsPerQuarter, long seed, Set<Scope> split) {
      this.policy = BreakerPolicy.DEFAULT.withSplit(split);
      this.random = new SplittableRandom(seed);
      this.instances = instances;
      this.callsPerQuarter = callsPerQuarter;
      this.whole = new Breaker("p", policy, now);
      for (int part = 0; part < parts; part++) {
        for (int i = 0; i < instances; i++) {
          String service = scope == Scope.CALLER ? "s" + part : "checkout";
          String region = scope == Scope.CALLER ? "r" : "r" + part;
          callers.add(new Caller(service, "i" + part + "-" + i, "1", null, region));
        }
      }
    }

    void run(int quarters, int... sick) {
      for (int i = 0; i < quarters; i++) {
        quarter(sick);
      }
    }

    void untilSomethingOpens(int... sick) {
      failed = 0;
      for (int i = 0; i < 400 && moves.isEmpty(); i++) {
        quarter(sick);
      }
    }

    /**
     * @param sick for each part whether it is; those not told are well
     */
    private void quarter(int... sick) {
      for (int i = 0; i < callers.size(); i++) {
        now = now - now % QUARTER + (i * 37L) % QUARTER;
        boolean told = i / instances < sick.length && sick[i / instances] > 0;
        boolean ill = told && i % instances < sickInstances;
        report(callers.get(i), ill ? 1 : 0.01);
      }
      now = now - now % QUARTER + QUARTER;
      note(whole, whole.tick(now).isPresent());
      parts.values().forEach(part -> note(part, part.tick(now).isPresent()));
    }

    private void report(Caller caller, double share) {
      Map<Scope, Breaker.Part> its = parts(caller);
      int admitted = whole.state().admittedShare();
      for (Breaker.Part part : its.values()) {
        admitted = Math.min(admitted, part.breaker().state().admittedShare());
      }
      int wanted = (int) (rate(caller) + random.nextDouble());
      long calls = 0;
      long bad = 0;
      for (int call = 0; call < wanted; call++) {
        boolean passes = random.nextInt(State.FULL_SHARE) < admitted;
        calls += passes ? 1 : 0;
        bad += passes && random.nextDouble() < share ? 1 : 0;
      }
      failed += bad;
      CallSample sample = sample(caller, calls, bad, wanted - calls);
      Breaker.Shared observed = whole.observe(sample.ofEpoch(whole.epoch()), its, now);
      note(whole, observed.whole().transition().isPresent());
      observed
          .parts()
          .forEach(
              (part, each) ->
                  note(requireNonNull(its.get(part)).breaker(), each.transition().isPresent()));
    }

    private double rate(Caller caller) {
      Integer own = callsPerQuarterOf.get(String.valueOf(caller.region()));
      if (own != null) {
        return own;
      }
      return seldom.test(caller) ? SELDOM_PER_QUARTER : callsPerQuarter;
    }

    private Map<Scope, Breaker.Part> parts(Caller caller) {
      Map<Scope, Breaker.Part> its = new EnumMap<>(Scope.class);
      for (Scope each : policy.split()) {
        String id =
            switch (each) {
              case REGION -> "p@" + caller.region();
              case CALLER -> "p~" + caller.service();
              case INSTANCE -> "p~" + caller.service() + "#" + caller.instance();
            };
        if (parts.containsKey(id) || parts.size() < places) {
          Breaker part = parts.computeIfAbsent(id, unseen -> new Breaker(id, policy, now));
          its.put(each, new Breaker.Part(part, part.epoch()));
        }
      }
      return its;
    }

    private CallSample sample(Caller caller, long calls, long bad, long refused) {
      return new CallSample(
          caller,
          now - QUARTER,
          now,
          0,
          calls,
          bad == 0 ? Map.of() : Map.of("timeout", bad),
          refused,
          ExponentialHistogram.empty(),
          List.of());
    }

    private void note(Breaker breaker, boolean moved) {
      if (moved) {
        moves.add(breaker.id() + " " + breaker.state().getClass().getSimpleName());
      }
    }
  }
}
