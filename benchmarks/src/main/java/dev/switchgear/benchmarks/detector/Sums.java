package dev.switchgear.benchmarks.detector;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple4;

/** Calls, errors and latencies of one dependency and second. Flink keeps such objects by fields. */
public final class Sums {

  private static final int BUCKETS = 512;
  private static final double PER_BUCKET = 8 / Math.log(2);

  public String dependency = "";
  public long calls;
  public long errors;
  public long[] latency = new long[BUCKETS];

  /** For Flink. */
  public Sums() {}

  /** Eight buckets for each doubling. */
  private void add(Tuple4<String, Boolean, Long, Long> call) {
    dependency = call.f0;
    calls++;
    errors += call.f1 ? 1 : 0;
    latency[(int) (Math.log((double) Math.max(1, call.f3)) * PER_BUCKET)]++;
  }

  private String line() {
    StringBuilder line = new StringBuilder(dependency).append(' ').append(calls).append(' ');
    line.append(errors);
    for (int i = 0; i < BUCKETS; i++) {
      if (latency[i] > 0) {
        line.append(' ').append(i).append(':').append(latency[i]);
      }
    }
    return line.toString();
  }

  /** Sums calls, and gives a line for the topic. */
  static final class Summing
      implements AggregateFunction<Tuple4<String, Boolean, Long, Long>, Sums, String> {

    private static final long serialVersionUID = 1;

    @Override
    public Sums createAccumulator() {
      return new Sums();
    }

    @Override
    public Sums add(Tuple4<String, Boolean, Long, Long> call, Sums sums) {
      sums.add(call);
      return sums;
    }

    @Override
    public String getResult(Sums sums) {
      return sums.line();
    }

    @Override
    public Sums merge(Sums one, Sums other) {
      throw new UnsupportedOperationException("Windows of one second are never merged");
    }
  }
}
