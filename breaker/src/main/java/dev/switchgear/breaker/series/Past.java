package dev.switchgear.breaker.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The newest values of a healthy past, at most {@value #MOST}, and their quantiles. These are
 * brought up to date only every so often: one value among hundreds moves no quantile.
 */
final class Past {

  /**
   * Six minutes of seconds, an hour and a half of quarter minutes, thirty hours of five minutes.
   */
  static final int MOST = 360;

  private static final float[] NONE = {};

  private final Ranked whole = new Ranked();
  private final Ranked recent = new Ranked();
  private float[] ring = NONE;
  private int size;
  private int next;
  private long added;

  /** The newest values in the order of their size, as they were some time ago. */
  private static final class Ranked {
    private float[] values = NONE;
    private long addedBefore;
    private double innovation = 1;
  }

  void add(double value) {
    if (size == ring.length && size < MOST) {
      ring = Arrays.copyOf(ring, Math.min(MOST, Math.max(16, 2 * size)));
    }
    if (next == ring.length) {
      next = 0;
    }
    ring[next++] = (float) value;
    size = Math.min(ring.length, size + 1);
    added++;
  }

  /**
   * All of them, the oldest first. Quantiles are worked out anew afterwards, so that this past and
   * one that is restored from these values go on alike.
   */
  List<Float> values() {
    List<Float> values = new ArrayList<>(size);
    for (int i = size - 1; i >= 0; i--) {
      values.add(newest(i));
    }
    whole.values = NONE;
    recent.values = NONE;
    return values;
  }

  int size() {
    return size;
  }

  void clear() {
    ring = NONE;
    size = 0;
    next = 0;
    whole.values = NONE;
    recent.values = NONE;
  }

  /**
   * Value below which the given share of all values lies.
   *
   * @param share 0..1
   */
  double quantile(double share) {
    return quantile(share, ranked(whole, size).values);
  }

  /** Median of the newest {@code newest} values. */
  double median(int newest) {
    return newest >= size ? quantile(0.5) : quantile(0.5, ranked(recent, newest).values);
  }

  /** Mean of the newest {@code newest} values; 0 of none. */
  double mean(int newest) {
    int wanted = Math.min(newest, size);
    double sum = 0;
    for (int i = 0; i < wanted; i++) {
      sum += newest(i);
    }
    return wanted == 0 ? 0 : sum / wanted;
  }

  /**
   * Share of the variance that a value does not have from the one before it, by an autoregressive
   * model of first order: 1 where values are independent of each other.
   */
  double innovation() {
    return ranked(whole, size).innovation;
  }

  private Ranked ranked(Ranked ranked, int newest) {
    if (ranked.values.length != newest || added - ranked.addedBefore > newest / 16) {
      float[] values = new float[newest];
      for (int i = 0; i < newest; i++) {
        values[i] = newest(i);
      }
      Arrays.sort(values);
      ranked.values = values;
      ranked.addedBefore = added;
      double correlation = Math.max(0, correlation(newest));
      ranked.innovation = 1 - correlation * correlation;
    }
    return ranked;
  }

  private static double quantile(double share, float[] ranked) {
    double at = share * (ranked.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, ranked.length - 1);
    return ranked[below] + (at - below) * (ranked[above] - ranked[below]);
  }

  /** Of each value with the one before it. */
  private double correlation(int newest) {
    double mean = mean(newest);
    double products = 0;
    double squares = 1e-30;
    double later = 0;
    for (int i = 0; i < newest; i++) {
      double off = newest(i) - mean;
      products += off * later;
      squares += off * off;
      later = off;
    }
    return products / squares;
  }

  private float newest(int index) {
    return ring[Math.floorMod(next - 1 - index, ring.length)];
  }
}
