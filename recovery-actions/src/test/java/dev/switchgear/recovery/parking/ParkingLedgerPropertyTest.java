package dev.switchgear.recovery.parking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.WorkResult;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens in whatever order, the {@link World}'s checks hold, and nothing is lost. */
final class ParkingLedgerPropertyTest {

  private static final List<WorkResult> ANSWERS =
      List.of(WorkResult.DONE, WorkResult.FAILED, WorkResult.DEFERRED, WorkResult.POISON);

  private enum Kind {
    PARK,
    PARK_WITH_DEADLINE,
    TICK,
    LONG_TICK,
    ANSWER,
    REPEAT,
    RATE,
    LIMIT,
    RESTART,
    LOSE_EVERYTHING
  }

  private record Step(Kind kind, int number) {}

  @Property(tries = 400)
  void whateverHappens_orderLimitsAndRateHold_andNothingIsLost(@ForAll("steps") List<Step> steps) {
    World world = new World();
    steps.forEach(step -> take(world, step));
    world.drain();
    assertThat(world.unfinished()).isEmpty();
    assertThat(world.ledger.itemIds()).isEmpty();
    assertThat(world.done).noneMatch(world.quarantined::containsKey);
    assertThat(world.done.size() + world.quarantined.size())
        .isEqualTo(world.ledgerTopic.stream().filter(entry -> !entry.tombstone()).count());
  }

  @Property(tries = 200)
  void whileTheRateIsNought_nothingIsReleased(@ForAll("steps") List<Step> steps) {
    World world = new World();
    steps.forEach(step -> take(world, step));
    world.rate(0);
    int before = world.releaseTimes.size();
    for (int i = 0; i < 50; i++) {
      world.park("key-" + i % 5, 0);
      world.tick(i * 100L);
      world.answer(i, WorkResult.FAILED);
    }
    assertThat(world.releaseTimes).hasSize(before);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(8, Kind.PARK),
            net.jqwik.api.Tuple.of(1, Kind.PARK_WITH_DEADLINE),
            net.jqwik.api.Tuple.of(8, Kind.TICK),
            net.jqwik.api.Tuple.of(2, Kind.LONG_TICK),
            net.jqwik.api.Tuple.of(8, Kind.ANSWER),
            net.jqwik.api.Tuple.of(1, Kind.REPEAT),
            net.jqwik.api.Tuple.of(2, Kind.RATE),
            net.jqwik.api.Tuple.of(1, Kind.LIMIT),
            net.jqwik.api.Tuple.of(1, Kind.RESTART),
            net.jqwik.api.Tuple.of(1, Kind.LOSE_EVERYTHING));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 999))
        .as(Step::new)
        .list()
        .ofMaxSize(150);
  }

  private static void take(World world, Step step) {
    int number = step.number();
    switch (step.kind()) {
      case PARK -> world.park("key-" + number % 5, 0);
      case PARK_WITH_DEADLINE -> world.park("key-" + number % 5, world.now + number);
      case TICK -> world.tick(number % 100);
      case LONG_TICK -> world.tick(number * 100L);
      case ANSWER -> world.answer(number, ANSWERS.get(number % ANSWERS.size()));
      case REPEAT -> world.repeat(number);
      case RATE -> world.rate(number % 3 == 0 ? 0 : number / 10.0);
      case LIMIT -> world.limit = Math.max(world.inFlight.size(), number % 6);
      case RESTART -> world.restart();
      case LOSE_EVERYTHING -> world.loseEverything(number % 4);
    }
  }
}
