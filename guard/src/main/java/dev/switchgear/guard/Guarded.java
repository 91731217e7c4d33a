package dev.switchgear.guard;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Marks the OpenTelemetry context of calls that a guard counts, so that a span processor can mark
 * their spans and nobody counts them again.
 */
public final class Guarded {

  /** True in {@code Context.current()} while a guarded call runs. */
  public static final ContextKey<Boolean> KEY = ContextKey.named("switchgear-guarded");

  private Guarded() {}

  /** Calls with the context made this thread's, marked. Allocates, unless it is marked already. */
  @SuppressWarnings("try") // The scope is there to be closed.
  static <T extends @Nullable Object> T call(Context context, Callable<T> call) throws Exception {
    Context marked = context.get(KEY) == null ? context.with(KEY, true) : context;
    try (Scope scope = marked.makeCurrent()) {
      return call.call();
    }
  }
}
