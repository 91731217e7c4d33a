package dev.switchgear.breaker.evidence;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts by name, few and small: the first {@value #MAX_NAMES} names are told apart, all others
 * count under {@value #OTHERS}. Plain arrays, because a breaker has few names and sees each of them
 * with every sample. Not thread-safe.
 */
final class NameCounts {

  static final int MAX_NAMES = 16;

  /** A longer name is a message rather than a name; it counts under {@value #OTHERS}. */
  static final int MAX_NAME_LENGTH = 200;

  static final String OTHERS = "*";

  private static final String[] NO_NAMES = {};
  private static final long[] NO_COUNTS = {};

  private String[] names = NO_NAMES;
  private long[] counts = NO_COUNTS;
  private int size;

  void add(String name, long count) {
    if (count > 0) {
      int slot = slot(name.length() > MAX_NAME_LENGTH ? OTHERS : name);
      counts[slot] += count;
    }
  }

  /** In the order of the names, so that it does not depend on the map which are told apart. */
  void addAll(Map<String, Long> more) {
    (more.size() > 1 ? new TreeMap<>(more) : more).forEach(this::add);
  }

  void addAll(NameCounts more) {
    for (int i = 0; i < more.size; i++) {
      add(more.names[i], more.counts[i]);
    }
  }

  /** Ordered by name. */
  Map<String, Long> toMap() {
    Map<String, Long> map = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      map.put(names[i], counts[i]);
    }
    return Collections.unmodifiableMap(map);
  }

  private int slot(String name) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    if (size >= MAX_NAMES && !name.equals(OTHERS)) {
      return slot(OTHERS);
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, size == 0 ? 1 : size * 2);
      counts = Arrays.copyOf(counts, names.length);
    }
    names[size] = name;
    return size++;
  }
}
