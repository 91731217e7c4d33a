package dev.switchgear.guard;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a caller does instead of an asynchronous call that was refused or failed. */
@FunctionalInterface
public interface AsyncFallback<T extends @Nullable Object> {

  /** Gives the substitute. What it throws, or completes with, goes to the caller as it is. */
  CompletionStage<T> instead(Unavailable why);

  /** A function under a name. */
  static <T extends @Nullable Object> AsyncFallback<T> of(String name, AsyncFallback<T> fallback) {
    return new Fallbacks.NamedAsync<>(Names.check("name", name), fallback);
  }

  /** What degraded calls are told under, in spans and metrics; of low cardinality. */
  default String name() {
    return "function";
  }
}
