package dev.switchgear.breaker.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was usual at the same time yesterday and a week ago: the mean of each half hour of the last
 * eight days.
 */
final class Season {

  private static final long SLOT_MILLIS = 1_800_000;
  private static final int SLOTS_A_DAY = 48;
  private static final int SLOTS = 8 * SLOTS_A_DAY;

  private long[] slot = {};
  private float[] mean = {};
  private short[] count = {};

  void add(long atMillis, double value) {
    if (slot.length == 0) {
      begin();
    }
    long now = Math.floorDiv(atMillis, SLOT_MILLIS);
    int i = Math.floorMod(now, SLOTS);
    if (slot[i] != now) {
      slot[i] = now;
      count[i] = 0;
      mean[i] = 0;
    }
    count[i] = (short) Math.min(Short.MAX_VALUE, count[i] + 1);
    mean[i] += (float) ((value - mean[i]) / count[i]);
  }

  List<SeriesMemory.OfSlot> memory() {
    List<SeriesMemory.OfSlot> known = new ArrayList<>();
    for (int i = 0; i < slot.length; i++) {
      if (count[i] > 0) {
        known.add(new SeriesMemory.OfSlot(slot[i], mean[i], count[i]));
      }
    }
    return known;
  }

  void restore(List<SeriesMemory.OfSlot> known) {
    if (!known.isEmpty()) {
      begin();
    }
    for (SeriesMemory.OfSlot each : known) {
      int i = Math.floorMod(each.slot(), SLOTS);
      slot[i] = each.slot();
      mean[i] = each.mean();
      count[i] = (short) each.count();
    }
  }

  /** The value nearest to {@code value} among those of the same time on earlier days. */
  double nearest(long atMillis, double value, double orElse) {
    double yesterday = nearest(atMillis, SLOTS_A_DAY, value, orElse);
    return nearest(atMillis, 7 * SLOTS_A_DAY, value, yesterday);
  }

  private void begin() {
    slot = new long[SLOTS];
    mean = new float[SLOTS];
    count = new short[SLOTS];
    Arrays.fill(slot, Long.MIN_VALUE);
  }

  /** Half an hour earlier and later count as the same time. */
  private double nearest(long atMillis, int slotsAgo, double value, double orElse) {
    double nearest = orElse;
    for (int shift = -1; shift <= 1 && slot.length > 0; shift++) {
      long then = Math.floorDiv(atMillis, SLOT_MILLIS) - slotsAgo + shift;
      int i = Math.floorMod(then, SLOTS);
      if (slot[i] == then && Math.abs(mean[i] - value) < Math.abs(nearest - value)) {
        nearest = mean[i];
      }
    }
    return nearest;
  }
}
