package dev.switchgear.benchmarks.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoalTest {

  private static Reading reading(Scenario scenario, String title, int threads, double nanos) {
    return reading(scenario, title, threads, nanos, 0);
  }

  private static Reading reading(
      Scenario scenario, String title, int threads, double nanos, double bytes) {
    Contender contender =
        Lineup.all().stream()
            .filter(each -> each.scenario() == scenario && each.title().equals(title))
            .findFirst()
            .orElseThrow();
    return new Reading(contender, threads, nanos, nanos, bytes);
  }

  private static Goal only(Reading... readings) {
    return Goal.of(List.of(readings)).get(0);
  }

  @Test
  void theCallAndTheClockAreTakenOff() {
    Goal goal =
        only(
            reading(Scenario.FLOOR, "call alone", 1, 2),
            reading(Scenario.FLOOR, "reading the clock once", 1, 20),
            reading(Scenario.CLOSED, "switchgear, every call timed", 1, 56));

    assertThat(goal.title()).isEqualTo("closed, all timed, less two clock reads");
    assertThat(goal.measured()).isEqualTo(14, within(1e-9));
    assertThat(goal.isMet()).isTrue();
  }

  @Test
  void theGoalIsAlsoToldAsAPartOfWhatOthersTake_withTheirClock() {
    List<Goal> goals =
        Goal.of(
            List.of(
                reading(Scenario.FLOOR, "call alone", 1, 2),
                reading(Scenario.FLOOR, "reading the clock once", 1, 30),
                reading(Scenario.CLOSED, "switchgear, every call timed", 1, 82),
                reading(Scenario.CLOSED, "resilience4j 2.4.0", 1, 102),
                reading(Scenario.CLOSED, "armeria 1.40.0", 1, 42)));

    assertThat(goals)
        .extracting(Goal::title, Goal::isMet)
        .startsWith(
            tuple("closed, all timed, less two clock reads", false),
            tuple("closed, all timed, of resilience4j 2.4.0", true),
            tuple("closed, all timed, of armeria 1.40.0", false));
    assertThat(goals.get(1).measured()).isEqualTo(80, within(1e-9));
    assertThat(goals.get(1).most()).isEqualTo(100.0 * 55 / 66, within(1e-9));
    assertThat(goals.get(2).measured()).isEqualTo(200, within(1e-9));
  }

  @Test
  void whatIsSlowerThanItsGoalIsMissed() {
    Goal goal = only(reading(Scenario.OPEN, "switchgear", 1, 5.1));

    assertThat(goal.title()).isEqualTo("open, fallback answers");
    assertThat(goal.isMet()).isFalse();
  }

  @Test
  void whatIsSlowestAndAllocatesMostIsCompared_ofOurs() {
    List<Goal> goals =
        Goal.of(
            List.of(
                reading(Scenario.FAILING, "switchgear", 1, 10),
                reading(Scenario.FAILING, "switchgear", 2, 14, 24),
                reading(Scenario.FAILING, "switchgear, admit only", 1, 10),
                reading(Scenario.FAILING, "switchgear, admit only", 2, 11),
                reading(Scenario.FAILING, "hystrix 1.5.18", 1, 10, 3_000),
                reading(Scenario.FAILING, "hystrix 1.5.18", 2, 90, 3_000)));

    assertThat(goals)
        .extracting(Goal::title, Goal::measured)
        .containsExactly(
            tuple("allocated, any scenario", 24.0), tuple("two threads to one, any scenario", 1.4));
    assertThat(goals).noneMatch(Goal::isMet);
  }

  @Test
  void nothingMeasuredIsNoGoal() {
    assertThat(Goal.of(List.of())).isEmpty();
  }
}
