package dev.switchgear.guard;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Marks the OpenTelemetry context of calls that a guard counts, so that a span processor can mark
 * their spans and nobody counts them again. Marking costs two small objects a call, so it is done
 * only once somebody said that they look: {@link #lookedAt}.
 */
public final class Guarded {

  /** True in {@code Context.current()} while a guarded call runs, once {@link #lookedAt}. */
  public static final ContextKey<Boolean> KEY = ContextKey.named("switchgear-guarded");

  private static volatile boolean lookedAt;

  private Guarded() {}

  /** From now on guards of this process mark the contexts of their calls. */
  public static void lookedAt() {
    lookedAt = true;
  }

  static boolean isLookedAt() {
    return lookedAt;
  }

  /**
   * The context for a call that was admitted by {@code admit()}, whose span nobody shall count
   * again: marked if anybody looks, else as it is.
   */
  public static Context marked(Context context) {
    return !lookedAt || context.get(KEY) != null ? context : context.with(KEY, true);
  }

  /** Calls, with the current context marked if anybody looks. */
  static <T extends @Nullable Object> T call(Callable<? extends T> call) throws Exception {
    return lookedAt ? call(Context.current(), call) : call.call();
  }

  /** Calls with the context made this thread's, marked. Allocates, unless it is marked already. */
  @SuppressWarnings("try") // The scope is there to be closed.
  static <T extends @Nullable Object> T call(Context context, Callable<? extends T> call)
      throws Exception {
    Context marked = context.get(KEY) == null ? context.with(KEY, true) : context;
    try (Scope scope = marked.makeCurrent()) {
      return call.call();
    }
  }
}
