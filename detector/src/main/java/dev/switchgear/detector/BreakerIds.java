package dev.switchgear.detector;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names the breaker of a call, and bounds how many there are: spans come from anybody, and an
 * operation may hold what it should not. Which names are told apart is not kept: after a restart
 * the busiest come first again. One thread uses it.
 */
final class BreakerIds {

  /** Dependencies that one partition of spans tells apart. */
  static final int DEPENDENCIES = 1_000;

  /** Operations of one dependency; an API of more is rare, and one of endless many a defect. */
  static final int OPERATIONS = 200;

  private final Map<String, Set<String>> operations = new HashMap<>();

  /** {@code dependency[/operation]}, with {@code *} for what is over the limit. */
  String of(String dependency, @Nullable String operation) {
    boolean isNew = !operations.containsKey(dependency);
    if (isNew && operations.size() >= DEPENDENCIES) {
      return Names.OTHERS;
    }
    Set<String> known = operations.computeIfAbsent(dependency, unseen -> new HashSet<>());
    if (operation == null || operation.isBlank()) {
      return dependency;
    }
    boolean told = known.contains(operation) || (known.size() < OPERATIONS && known.add(operation));
    return dependency + "/" + (told ? operation : Names.OTHERS);
  }

  /** Whether the id stands for more than one breaker because there are too many. */
  static boolean isOverLimit(String breaker) {
    return breaker.equals(Names.OTHERS) || breaker.endsWith("/" + Names.OTHERS);
  }
}
