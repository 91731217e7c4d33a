package dev.switchgear.console.backtest;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The values of one metric of one dependency, sixteen bytes each. In the order of time once {@link
 * #sort} has been called; of several values of one moment the one that came last holds.
 */
final class Column {

  private long[] times = new long[64];
  private double[] values = new double[64];
  private int size;
  private boolean sorted = true;

  void add(long atMillis, double value) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    sorted = sorted && (size == 0 || times[size - 1] < atMillis);
    times[size] = atMillis;
    values[size] = value;
    size++;
  }

  int size() {
    return size;
  }

  long time(int index) {
    return times[index];
  }

  double value(int index) {
    return values[index];
  }

  double highest() {
    return Arrays.stream(values, 0, size).max().orElse(0);
  }

  /** The usual distance of two values in milliseconds; 0 where there is only one. */
  long intervalMillis() {
    long[] distances = new long[Math.max(0, size - 1)];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = times[i + 1] - times[i];
    }
    Arrays.sort(distances);
    return distances.length == 0 ? 0 : distances[distances.length / 2];
  }

  void sort() {
    if (sorted) {
      return;
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(index -> times[index]))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] oldTimes = times;
    double[] oldValues = values;
    times = new long[size];
    values = new double[size];
    int kept = 0;
    for (int index : order) {
      boolean again = kept > 0 && times[kept - 1] == oldTimes[index];
      int at = again ? kept - 1 : kept++;
      times[at] = oldTimes[index];
      values[at] = oldValues[index];
    }
    size = kept;
    sorted = true;
  }
}
