package dev.switchgear.spring;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A method with a guard in front of it, by what it returns. */
sealed interface GuardedMethod permits SyncMethod, StageMethod, MonoMethod, FluxMethod {

  /** What stands for the call: its answer, or something that will give it. */
  @Nullable Object call(Invocation invocation) throws Exception;

  /**
   * Chooses by the method's return type.
   *
   * @param where for messages
   * @param fallback null for none
   */
  static GuardedMethod of(
      String where,
      ConfiguredGuards guards,
      String guard,
      Method method,
      @Nullable FallbackMethod fallback) {
    Class<?> returned = method.getReturnType();
    GuardProperties properties = guards.properties(guard);
    if (CompletionStage.class.isAssignableFrom(returned)) {
      expect(where, returned, returned.isAssignableFrom(CompletableFuture.class));
      expectNoPool(where, guard, properties);
      return new StageMethod(guards.describe(guard, Object.class).build(), fallback);
    }
    expect(where, returned, !Future.class.isAssignableFrom(returned));
    if (!isPublisher(returned)) {
      return SyncMethod.of(guards.describe(guard, Object.class).build(), method, fallback);
    }
    expectNoPool(where, guard, properties);
    if (returned.getName().equals("reactor.core.publisher.Mono")) {
      return new MonoMethod(guards.describe(guard, Object.class).build(), fallback);
    }
    expect(where, returned, returned.getName().equals("reactor.core.publisher.Flux"));
    return new FluxMethod(guards.describe(guard, Object.class).build(), fallback);
  }

  /** Reactive Streams need not be on the class path. */
  private static boolean isPublisher(Class<?> type) {
    return type.getName().equals("org.reactivestreams.Publisher")
        || Stream.of(type.getInterfaces()).anyMatch(GuardedMethod::isPublisher)
        || (type.getSuperclass() != null && isPublisher(type.getSuperclass()));
  }

  private static void expect(String where, Class<?> returned, boolean known) {
    if (!known) {
      throw new MisconfiguredException(
          where,
          "returns " + returned.getName(),
          "an answer, CompletionStage, CompletableFuture, Mono or Flux");
    }
  }

  private static void expectNoPool(String where, String guard, GuardProperties properties) {
    if (properties.pool() != null) {
      throw new MisconfiguredException(
          where,
          "guard \"" + guard + "\" has a pool",
          "none: whoever answers asynchronously has threads of its own");
    }
  }
}
