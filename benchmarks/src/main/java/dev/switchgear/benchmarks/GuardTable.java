package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.guard.Contender;
import dev.switchgear.benchmarks.guard.Contender.Kind;
import dev.switchgear.benchmarks.guard.Goal;
import dev.switchgear.benchmarks.guard.Reading;
import dev.switchgear.benchmarks.guard.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What guarded calls cost, for people; 80 columns. Of each contender a line: nanoseconds and bytes
 * of a call, and how many times Switchgear's in the same scenario that is, with one thread and with
 * two.
 */
final class GuardTable {

  private static final int ONE = 1;
  private static final int TWO = 2;
  private static final String NOT_MEASURED = "-";

  private final List<Reading> readings;
  private final List<String> lines = new ArrayList<>();

  private GuardTable(List<Reading> readings) {
    this.readings = readings;
  }

  static List<String> of(List<Reading> readings) {
    GuardTable table = new GuardTable(readings);
    table.head();
    for (Scenario scenario : Scenario.values()) {
      table.scenario(scenario);
    }
    table.goals(Goal.of(readings));
    return table.lines;
  }

  private void head() {
    line("%-31s%22s%15s%12s", "", "NS A CALL", "BYTES", "TIMES OURS");
    line("%-31s%11s%11s%9s%6s%6s%6s", "threads", "1", "2", "1", "2", "1", "2");
  }

  private void scenario(Scenario scenario) {
    Set<Contender> contenders = new LinkedHashSet<>();
    readings.stream()
        .map(Reading::contender)
        .filter(each -> each.scenario() == scenario)
        .forEach(contenders::add);
    if (!contenders.isEmpty()) {
      line("");
      line("%s", scenario.title().toUpperCase(Locale.ROOT));
      contenders.forEach(this::contender);
    }
  }

  private void contender(Contender contender) {
    line(
        "%-31s%11s%11s%9s%6s%6s%6s",
        contender.title(),
        cell(contender, ONE, "%,.1f", Reading::nanos),
        cell(contender, TWO, "%,.1f", Reading::nanos),
        cell(contender, ONE, "%,.0f", Reading::bytes),
        cell(contender, TWO, "%,.0f", Reading::bytes),
        times(contender, ONE),
        times(contender, TWO));
  }

  private String cell(
      Contender contender, int threads, String pattern, ToDoubleFunction<Reading> value) {
    return reading(contender, threads)
        .map(reading -> format(pattern, value.applyAsDouble(reading)))
        .orElse(NOT_MEASURED);
  }

  private String times(Contender contender, int threads) {
    Optional<Reading> theirs = reading(contender, threads);
    Optional<Reading> ours = ours(contender.scenario(), threads);
    return theirs.isEmpty() || ours.isEmpty()
        ? NOT_MEASURED
        : times(theirs.get().nanos() / ours.get().nanos());
  }

  private static String times(double times) {
    return format(times < 10 ? "%.2f" : "%,.0f", times);
  }

  private Optional<Reading> ours(Scenario scenario, int threads) {
    return readings.stream()
        .filter(each -> each.contender().scenario() == scenario)
        .filter(each -> each.contender().kind() == Kind.SWITCHGEAR && each.threads() == threads)
        .findFirst();
  }

  private Optional<Reading> reading(Contender contender, int threads) {
    return readings.stream()
        .filter(each -> each.contender().equals(contender) && each.threads() == threads)
        .findFirst();
  }

  private void goals(List<Goal> goals) {
    if (goals.isEmpty()) {
      return;
    }
    line("");
    line("%-46s%14s%12s", "GOALS", "MEASURED", "AT MOST");
    for (Goal goal : goals) {
      line(
          "%-46s%14s%12s%8s",
          goal.title(),
          format("%.1f %s", goal.measured(), goal.unit()),
          format("%.1f %s", goal.most(), goal.unit()),
          goal.isMet() ? "met" : "missed");
    }
  }

  private void line(String pattern, @Nullable Object... values) {
    lines.add(format(pattern, values));
  }

  private static String format(String pattern, @Nullable Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
