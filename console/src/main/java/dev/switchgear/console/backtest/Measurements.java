package dev.switchgear.console.backtest;

import dev.switchgear.detector.backtest.Backtest;
import java.util.List;
import java.util.Map;

/**
 * What was measured, of all dependencies.
 *
 * @param values measurements that make sense
 * @param gaps measurements that are none
 */
record Measurements(Map<String, MeasuredDependency> dependencies, long values, long gaps)
    implements History {

  @Override
  public void replay(Backtest backtest) {
    dependencies.forEach(
        (name, measured) -> measured.forEach(sample -> backtest.take(name, sample)));
  }

  @Override
  public List<Curve> curves(String breaker) {
    MeasuredDependency measured = dependencies.get(breaker);
    return measured == null ? List.of() : measured.curves();
  }
}
