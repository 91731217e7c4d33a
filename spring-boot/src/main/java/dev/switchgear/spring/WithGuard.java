package dev.switchgear.spring;

import dev.switchgear.guard.Unavailable;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Calls of this method pass a guard: breaker, rate limits, bulkhead and deadline, as far as {@code
 * switchgear.guards.NAME.*} says so; then the method is called and its result recorded.
 *
 * <pre>{@code
 * @WithGuard(value = "payments/charge", fallback = "pending")
 * Receipt charge(Order order) { ... }
 *
 * Receipt pending(Order order, Unavailable why) { ... }
 * }</pre>
 *
 * <p>On methods that give an answer, a {@code CompletionStage} or {@code CompletableFuture}, a
 * {@code Mono} or a {@code Flux}, which is answered with its first item. What cannot work fails the
 * start: an unknown fallback, a method that no proxy can stand in front of. Calls from within the
 * same object pass no guard, as with every annotation of Spring.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface WithGuard {

  /**
   * Name of the guard. It is the id of its breaker, too, unless {@code
   * switchgear.guards.NAME.breaker} names another.
   */
  String value();

  /**
   * Name of the method of the same class that answers instead, when the call was refused or failed.
   * It takes the same arguments, or none, and after them an {@link Unavailable} if it wants to know
   * why. Without a fallback the caller gets the exception: the call's own, or {@code
   * RefusedException} where the method declares that, else {@link UnansweredException}.
   */
  String fallback() default "";
}
