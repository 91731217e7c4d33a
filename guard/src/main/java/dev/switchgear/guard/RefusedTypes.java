package dev.switchgear.guard;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Classes of exceptions that tell of a refusal and cannot be {@link Refused}: they are a library's.
 * Held weakly, so that an application which shares this class with others can be unloaded.
 * Thread-safe.
 */
final class RefusedTypes {

  /** Each is looked at for each failure. */
  private static final int MOST = 16;

  private static final List<WeakReference<Class<? extends Throwable>>> ALL =
      new CopyOnWriteArrayList<>();

  private RefusedTypes() {}

  static synchronized void add(Class<? extends Throwable> type) {
    ALL.removeIf(each -> each.refersTo(null));
    if (ALL.stream().anyMatch(each -> each.refersTo(type))) {
      return;
    }
    if (ALL.size() >= MOST) {
      throw new IllegalStateException(
          "type: %s would be number %d (expected: at most %d; name a class that they extend)"
              .formatted(type.getName(), MOST + 1, MOST));
    }
    ALL.add(new WeakReference<>(type));
  }

  static boolean include(Throwable thrown) {
    for (WeakReference<Class<? extends Throwable>> each : ALL) {
      Class<?> type = each.get();
      if (type != null && type.isInstance(thrown)) {
        return true;
      }
    }
    return false;
  }
}
