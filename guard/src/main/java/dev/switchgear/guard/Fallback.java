package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a caller does instead of a call that was refused or failed. Fallbacks are chained by {@link
 * #or}; the first that gives an answer gives the answer.
 */
@FunctionalInterface
public interface Fallback<T extends @Nullable Object> {

  /** Gives the substitute. What it throws goes to the next of the chain, or else to the caller. */
  T instead(Unavailable why) throws Exception;

  /** What degraded calls are told under, in spans and metrics; of low cardinality. */
  default String name() {
    return "function";
  }

  /** The same under another name. */
  default Fallback<T> named(String name) {
    return new Fallbacks.Named<>(Names.check("name", name), this);
  }

  /** This one, and if it throws an exception the next. */
  default Fallback<T> or(Fallback<T> next) {
    return new Fallbacks.Chain<>(this, next);
  }

  /** A function under a name. */
  static <T extends @Nullable Object> Fallback<T> of(String name, Fallback<T> fallback) {
    return fallback.named(name);
  }

  /**
   * Whichever fallback is chosen when one is needed, as by a feature flag; told under the name of
   * the one chosen. If the choice throws an exception, or that fallback does, the next of the chain
   * is asked.
   */
  static <T extends @Nullable Object> Fallback<T> chosen(
      Function<? super Unavailable, ? extends Fallback<T>> choice) {
    return new Fallbacks.Chosen<>(choice);
  }

  /** Always the same answer. */
  static <T extends @Nullable Object> Fallback<T> value(T value) {
    return new Fallbacks.Value<>(value);
  }

  /**
   * Parks work to be done when the dependency is well.
   *
   * @param work makes what is to be parked
   * @param answer what the caller is told about what the ledger holds
   */
  static <T extends @Nullable Object> Fallback<T> park(
      Parking parking, Supplier<Work> work, Function<? super ParkedWork, ? extends T> answer) {
    return new Fallbacks.Named<>("park", why -> answer.apply(parking.park(work.get())));
  }
}
