package dev.switchgear.guard;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Stages that callers get in place of another. */
final class Stages {

  private Stages() {}

  /** Ends as another has ended. */
  static <T extends @Nullable Object> void complete(
      CompletableFuture<T> future, T answer, @Nullable Throwable thrown) {
    if (thrown == null) {
      future.complete(answer);
    } else {
      future.completeExceptionally(thrown);
    }
  }

  /** The same stage, whose cancelling does this as well. */
  static <T extends @Nullable Object> CompletionStage<T> cancelling(
      CompletableFuture<T> returned, Runnable action) {
    CompletionStage<T> stage = returned;
    stage.whenComplete(
        (answer, thrown) -> {
          if (returned.isCancelled()) {
            action.run();
          }
        });
    return stage;
  }
}
