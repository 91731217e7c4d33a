package dev.switchgear.guard;

import java.util.concurrent.CompletionStage;

/** What a caller does instead of an asynchronous call that was refused or failed. */
@FunctionalInterface
public interface AsyncFallback<T> {

  /** Gives the substitute. What it throws, or completes with, goes to the caller as it is. */
  CompletionStage<T> instead(Unavailable why);

  /** What degraded calls are told under, in spans and metrics; of low cardinality. */
  default String name() {
    return "function";
  }
}
