package dev.switchgear.spring;

import org.jspecify.annotations.Nullable;

/**
 * Tells of which tier a call is, where a limit of the whole fleet guarantees a part to tiers: a
 * bean, for example one that knows whose request is being served.
 *
 * <pre>{@code
 * @Bean
 * CallTier tier(Customers customers) {
 *   return guard -> customers.current().tier();
 * }
 * }</pre>
 */
@FunctionalInterface
public interface CallTier {

  /**
   * The tier of a call, asked on the thread that makes it or subscribes to it: once for one that is
   * answered later, else for each attempt, and where the call gives back what it took.
   *
   * @param guard name of the guard
   * @return as the policy names it; null for none
   */
  @Nullable String of(String guard);
}
