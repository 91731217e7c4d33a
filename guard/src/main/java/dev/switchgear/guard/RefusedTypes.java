package dev.switchgear.guard;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * Classes of exceptions that tell of a refusal and cannot be {@link Refused}: they are a library's.
 * Thread-safe.
 */
final class RefusedTypes {

  /** Each is looked at for each failure. */
  private static final int MOST = 16;

  private static final Set<Class<? extends Throwable>> ALL = new CopyOnWriteArraySet<>();

  private RefusedTypes() {}

  static synchronized void add(Class<? extends Throwable> type) {
    if (ALL.size() >= MOST && !ALL.contains(type)) {
      throw new IllegalStateException(
          "type: %s would be number %d (expected: at most %d)"
              .formatted(type.getName(), ALL.size() + 1, MOST));
    }
    ALL.add(type);
  }

  static boolean include(Throwable thrown) {
    for (Class<?> each : ALL) {
      if (each.isInstance(thrown)) {
        return true;
      }
    }
    return false;
  }
}
