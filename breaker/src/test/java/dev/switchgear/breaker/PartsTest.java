package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

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
    private final BreakerPolicy policy;
    private final SplittableRandom random;
    private final Scope scope;
    private final int instances;
    private final int callsPerQuarter;
    private final Breaker whole;
    private final Map<String, Breaker> parts = new TreeMap<>();
    private final List<Caller> callers = new ArrayList<>();
    final List<String> moves = new ArrayList<>();
    int sickInstances = Integer.MAX_VALUE;
    long failed;
    private long now = START;

    Regions(Scope scope, int parts, int instances, int callsPerQuarter, long seed) {
      this(scope, parts, instances, callsPerQuarter, seed, Set.of(scope));
    }

    Regions(
        Scope scope, int parts, int instances, int callsPerQuarter, long seed, Set<Scope> split) {
      this.policy = BreakerPolicy.DEFAULT.withSplit(split);
      this.scope = scope;
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

    private void quarter(int... sick) {
      for (int i = 0; i < callers.size(); i++) {
        now = now - now % QUARTER + (i * 37L) % QUARTER;
        boolean ill = sick[i / instances] > 0 && i % instances < sickInstances;
        report(callers.get(i), ill ? 1 : 0.01);
      }
      now = now - now % QUARTER + QUARTER;
      note(whole, whole.tick(now).isPresent());
      parts.values().forEach(part -> note(part, part.tick(now).isPresent()));
    }

    private void report(Caller caller, double share) {
      Breaker part = part(caller);
      int admitted = Math.min(whole.state().admittedShare(), part.state().admittedShare());
      long calls = 0;
      long bad = 0;
      for (int call = 0; call < callsPerQuarter; call++) {
        boolean passes = random.nextInt(State.FULL_SHARE) < admitted;
        calls += passes ? 1 : 0;
        bad += passes && random.nextDouble() < share ? 1 : 0;
      }
      failed += bad;
      CallSample sample = sample(caller, calls, bad);
      boolean itsOwn = part != whole && part.keepsItsCalls();
      CallSample ofWhole = sample.ofEpoch(whole.epoch());
      Breaker.Observed observed =
          itsOwn ? whole.observeDemand(ofWhole, now) : whole.observe(ofWhole, now);
      note(whole, observed.transition().isPresent());
      if (part != whole) {
        CallSample ofPart = sample.ofEpoch(part.epoch());
        note(part, part.observe(ofPart, whole, scope, now).transition().isPresent());
      }
    }

    private Breaker part(Caller caller) {
      if (policy.split().isEmpty()) {
        return whole;
      }
      String id = scope == Scope.REGION ? "p@" + caller.region() : "p~" + caller.service();
      return parts.computeIfAbsent(id, unseen -> new Breaker(id, policy, now));
    }

    private CallSample sample(Caller caller, long calls, long bad) {
      return new CallSample(
          caller,
          now - QUARTER,
          now,
          0,
          calls,
          bad == 0 ? Map.of() : Map.of("timeout", bad),
          callsPerQuarter - calls,
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
