package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.fleet.Contender;
import dev.switchgear.benchmarks.fleet.Outage;
import dev.switchgear.benchmarks.fleet.Toll;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A comparison for people; 80 columns. */
final class ComparisonTable {

  private static final int LOAD_SECONDS = 10;
  private static final String NEVER = "never";

  private final List<String> lines = new ArrayList<>();

  private ComparisonTable() {}

  static List<String> of(Comparison comparison) {
    ComparisonTable table = new ComparisonTable();
    for (Outage.Fault fault : Outage.Fault.values()) {
      table.outage(entries(comparison.outages(), fault));
    }
    table.sweep(comparison.sweep());
    return table.lines;
  }

  private static List<Comparison.Entry> entries(List<Comparison.Entry> all, Outage.Fault fault) {
    return all.stream().filter(entry -> entry.outage().fault() == fault).toList();
  }

  private void outage(List<Comparison.Entry> entries) {
    Outage outage = entries.get(0).outage();
    lines.add(
        format(
            "%d %s, %s %s each; for 60 s the dependency %s",
            outage.instances(),
            outage.instances() == 1 ? "instance" : "instances",
            number(outage.rate()),
            outage.rate() == 1 ? "call/s" : "calls/s",
            outage.fault().name().toLowerCase(Locale.ROOT)));
    lines.add("");
    lines.add(
        format(
            "%-30s%9s%8s%8s%8s%8s%8s",
            "", "STOPPED", "WASTED", "PROBES", "BACK", "OVERDUE", "FALSE"));
    entries.forEach(this::costs);
    lines.add("");
    lines.add(
        format("%-30s%s", "Reaching it, once it is well", seconds(second -> second + 1 + ".")));
    entries.forEach(this::load);
    lines.add("");
  }

  private void costs(Comparison.Entry entry) {
    Toll toll = entry.median();
    lines.add(
        format(
            "%-30s%9s%8d%8d%8s%8d%8d",
            entry.contender().title(),
            millis(toll.stoppedMillis()),
            toll.wasted(),
            toll.probes(),
            seconds(toll.fullSeconds()),
            toll.refusedHealed(),
            toll.refusedWell()));
  }

  private void load(Comparison.Entry entry) {
    List<Long> load = entry.median().load();
    lines.add(
        format(
            "%-30s%s",
            entry.contender().title(), seconds(second -> Long.toString(load.get(second)))));
  }

  private static String seconds(IntFunction<String> cell) {
    return IntStream.range(0, LOAD_SECONDS)
        .mapToObj(second -> format(" %4s", cell.apply(second)))
        .collect(Collectors.joining());
  }

  private void sweep(List<Comparison.Entry> entries) {
    lines.add("Fleets of other sizes; the dependency fails");
    lines.add("");
    lines.add(
        format(
            "%-30s%10s%10s%10s%10s%10s", "", "INSTANCES", "STOPPED", "WASTED", "PROBES", "BACK"));
    for (Comparison.Entry entry : entries) {
      if (entry.contender() == Contender.SWITCHGEAR && !entry.equals(entries.get(0))) {
        lines.add("");
      }
      size(entry);
    }
  }

  private void size(Comparison.Entry entry) {
    Toll toll = entry.median();
    lines.add(
        format(
            "%-30s%10d%10s%10d%10d%10s",
            entry.contender().title(),
            entry.outage().instances(),
            millis(toll.stoppedMillis()),
            toll.wasted(),
            toll.probes(),
            seconds(toll.fullSeconds())));
  }

  private static String millis(@Nullable Long millis) {
    return millis == null ? NEVER : format("%.1f s", millis / 1e3);
  }

  private static String seconds(@Nullable Long seconds) {
    return seconds == null ? NEVER : seconds + " s";
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
