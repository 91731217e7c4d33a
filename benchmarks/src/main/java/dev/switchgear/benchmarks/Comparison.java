package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.fleet.Contender;
import dev.switchgear.benchmarks.fleet.Outage;
import dev.switchgear.benchmarks.fleet.Toll;
import dev.switchgear.benchmarks.fleet.Trial;
import java.util.ArrayList;
import java.util.List;

/**
 * What every contender's outages cost.
 *
 * @param runs runs of which each figure is the median
 * @param outages by fault
 * @param sweep by the number of instances
 */
record Comparison(int runs, List<Entry> outages, List<Entry> sweep) {

  /** One contender in one outage. */
  record Entry(Outage outage, Contender contender, Toll median) {}

  static Comparison run(Outage outage, int runs, List<Outage> fleets) {
    List<Entry> outages = new ArrayList<>();
    for (Outage.Fault fault : Outage.Fault.values()) {
      outages.addAll(all(outage.withFault(fault), runs));
    }
    List<Entry> sweep = new ArrayList<>();
    for (Outage fleet : fleets) {
      sweep.addAll(all(fleet, runs));
    }
    return new Comparison(runs, outages, sweep);
  }

  private static List<Entry> all(Outage outage, int runs) {
    List<Entry> entries = new ArrayList<>();
    for (Contender contender : Contender.values()) {
      entries.add(new Entry(outage, contender, Trial.median(outage, contender, runs)));
    }
    return entries;
  }
}
