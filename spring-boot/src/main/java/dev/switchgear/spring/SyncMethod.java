package dev.switchgear.spring;

import dev.switchgear.guard.Fallback;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.RefusedException;
import java.lang.reflect.Method;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * A method that gives its answer.
 *
 * @param declaresRefusal whether callers expect a {@link RefusedException}
 * @param declaresTimeout whether callers expect a {@link TimeoutException}
 */
record SyncMethod(
    GuardedCall<Object> guard,
    @Nullable FallbackMethod fallback,
    boolean declaresRefusal,
    boolean declaresTimeout)
    implements GuardedMethod {

  static SyncMethod of(
      GuardedCall<Object> guard, Method method, @Nullable FallbackMethod fallback) {
    return new SyncMethod(
        guard,
        fallback,
        ReflectionUtils.declaresException(method, RefusedException.class),
        ReflectionUtils.declaresException(method, TimeoutException.class));
  }

  @Override
  public @Nullable Object call(Invocation invocation) throws Exception {
    try {
      return fallback == null
          ? guard.call(invocation::proceed)
          : guard.call(invocation::proceed, instead(fallback, invocation));
    } catch (RefusedException e) {
      throw declaresRefusal ? e : new UnansweredException(e);
    } catch (TimeoutException e) {
      throw declaresTimeout ? e : new UnansweredException(e);
    }
  }

  @SuppressWarnings("NullAway") // A method may answer null, and so may its fallback.
  private static Fallback<Object> instead(FallbackMethod fallback, Invocation invocation) {
    Fallback<Object> instead =
        why -> fallback.answer(invocation.target(), invocation.arguments(), why);
    return instead.named(fallback.method().getName());
  }
}
