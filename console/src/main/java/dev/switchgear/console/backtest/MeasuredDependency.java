package dev.switchgear.console.backtest;

import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All that a file says of one dependency. */
final class MeasuredDependency {

  /**
   * Where nobody says how many calls there were, failed ones are seen against so many good ones.
   */
  private static final double CALLS_UNKNOWN = 10;

  private final Map<Metric, Column> columns = new EnumMap<>(Metric.class);
  private ErrorUnit errorUnit = ErrorUnit.SHARE;
  private double callsIntervalSeconds = 1;

  /** What a file means by an error rate. */
  private enum ErrorUnit {
    SHARE,
    PERCENT,
    PER_SECOND
  }

  void add(Metric metric, long atMillis, double value) {
    columns.computeIfAbsent(metric, m -> new Column()).add(atMillis, value);
  }

  List<Curve> curves() {
    List<Curve> curves = new ArrayList<>();
    columns.forEach((metric, column) -> curves.add(new Curve(metric.label(), column)));
    return curves;
  }

  /** Nothing more will come. */
  void complete() {
    columns.values().forEach(Column::sort);
    errorUnit = errorUnit();
    Column calls = columns.get(Metric.CALLS);
    if (calls != null) {
      callsIntervalSeconds = Math.max(1, calls.intervalMillis()) / 1e3;
    }
  }

  /** Goes through what was measured, moment by moment. */
  void forEach(Consumer<SeriesSample> reader) {
    Map<Metric, Integer> next = new EnumMap<>(Metric.class);
    columns.keySet().forEach(metric -> next.put(metric, 0));
    while (true) {
      long at = earliest(next);
      if (at == Long.MAX_VALUE) {
        return;
      }
      Map<Metric, Double> row = new EnumMap<>(Metric.class);
      next.replaceAll((metric, index) -> taken(metric, index, at, row));
      reader.accept(new SeriesSample(at, measures(row)));
    }
  }

  private long earliest(Map<Metric, Integer> next) {
    long earliest = Long.MAX_VALUE;
    for (Map.Entry<Metric, Integer> each : next.entrySet()) {
      Column column = column(each.getKey());
      if (each.getValue() < column.size()) {
        earliest = Math.min(earliest, column.time(each.getValue()));
      }
    }
    return earliest;
  }

  private int taken(Metric metric, int index, long at, Map<Metric, Double> row) {
    Column column = column(metric);
    if (index >= column.size() || column.time(index) != at) {
      return index;
    }
    row.put(metric, column.value(index));
    return index + 1;
  }

  private Column column(Metric metric) {
    return columns.getOrDefault(metric, new Column());
  }

  private Map<Measure, Double> measures(Map<Metric, Double> row) {
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    for (Map.Entry<Metric, Double> each : row.entrySet()) {
      Measure measure = each.getKey().measure;
      if (measure != null) {
        values.put(measure, each.getValue());
      }
    }
    Double calls = row.get(Metric.CALLS);
    if (calls != null) {
      values.putIfAbsent(Measure.CALLS_PER_SECOND, calls / callsIntervalSeconds);
    }
    double rate = values.getOrDefault(Measure.CALLS_PER_SECOND, Double.NaN);
    double share = errorShare(row, rate);
    if (rate != 0 && !Double.isNaN(share)) {
      values.put(Measure.ERROR_SHARE, Math.min(1, share));
    }
    return values;
  }

  /** Not a number where the row says nothing of errors. */
  private double errorShare(Map<Metric, Double> row, double callsPerSecond) {
    Double rate = row.get(Metric.ERROR_RATE);
    Double errors = row.get(Metric.ERRORS);
    if (errors != null && row.containsKey(Metric.CALLS)) {
      return errors / row.get(Metric.CALLS);
    }
    if (rate != null) {
      return switch (errorUnit) {
        case SHARE -> rate;
        case PERCENT -> rate / 100;
        case PER_SECOND -> Double.isNaN(callsPerSecond) ? rate / (rate + 1) : rate / callsPerSecond;
      };
    }
    if (errors == null) {
      return Double.NaN;
    }
    double seconds = column(Metric.ERRORS).intervalMillis() / 1e3;
    double among = Double.isNaN(callsPerSecond) ? errors + CALLS_UNKNOWN : callsPerSecond * seconds;
    return errors / Math.max(among, 1);
  }

  /**
   * A rate that is never above one is a share. One that is never above a hundred is in percent,
   * unless there are never more failed calls than calls, and then it may as well count them.
   */
  private ErrorUnit errorUnit() {
    Column rates = column(Metric.ERROR_RATE);
    if (rates.highest() <= 1) {
      return ErrorUnit.SHARE;
    }
    double calls = column(Metric.REQUEST_RATE).highest();
    boolean fitsCalls = calls > 0 && rates.highest() <= 1.01 * calls;
    return fitsCalls || rates.highest() > 100 ? ErrorUnit.PER_SECOND : ErrorUnit.PERCENT;
  }
}
