package dev.switchgear.spring;

import dev.switchgear.guard.Fallback;
import org.jspecify.annotations.Nullable;

/**
 * What a fallback gave where answers come later: it is an answer to the guard, and its own answer
 * is still to be waited for.
 *
 * @param later of the type that the guarded method returns; null if the fallback gave that
 */
record Instead(@Nullable Object later) {

  /** The fallback of one call, under its method's name. */
  static Fallback<Object> of(FallbackMethod method, Invocation invocation) {
    Fallback<Object> instead =
        why -> new Instead(method.answer(invocation.target(), invocation.arguments(), why));
    return instead.named(method.method().getName());
  }
}
