package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.guard.Goal;
import dev.switchgear.benchmarks.guard.Reading;
import java.util.List;

/**
 * All readings, and the machine they were taken on.
 *
 * @param java version
 */
record GuardResults(int cores, String java, List<Reading> readings, List<Goal> goals) {

  static GuardResults of(List<Reading> readings) {
    int cores = Runtime.getRuntime().availableProcessors();
    String java = System.getProperty("java.version", "");
    return new GuardResults(cores, java, readings, Goal.of(readings));
  }
}
