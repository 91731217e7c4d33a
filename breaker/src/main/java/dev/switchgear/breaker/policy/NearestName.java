package dev.switchgear.breaker.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds what a person probably meant: the known name with the fewest edits (Levenshtein) to the
 * given one.
 */
public final class NearestName {

  private NearestName() {}

  /** The nearest of the known names, unless even that one shares too little with the given. */
  public static Optional<String> of(String given, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt((String name) -> edits(given, name))
                .thenComparing(name -> name))
        .filter(name -> edits(given, name) <= Math.max(given.length(), name.length()) / 2);
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
