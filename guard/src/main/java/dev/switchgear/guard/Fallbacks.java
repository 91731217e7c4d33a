package dev.switchgear.guard;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kinds of fallbacks that are more than a function. */
final class Fallbacks {

  private static final Logger LOG = LoggerFactory.getLogger(Fallbacks.class);

  private Fallbacks() {}

  /** Asks a fallback, those of a chain in turn; tells which one has answered. */
  static <T extends @Nullable Object> T inTurn(
      Fallback<T> fallback, Unavailable why, Consumer<? super Fallback<T>> answered)
      throws Exception {
    Fallback<T> asked = fallback;
    while (asked instanceof Chain<T> chain) {
      try {
        return inTurn(chain.first(), why, answered);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        LOG.debug("Fallback {} of {} failed", chain.first().name(), why.breaker(), e);
        asked = chain.next();
      }
    }
    T answer = asked.instead(why);
    answered.accept(asked);
    return answer;
  }

  /** Always the same. */
  record Value<T extends @Nullable Object>(T value) implements Fallback<T> {

    @Override
    public T instead(Unavailable why) {
      return value;
    }

    @Override
    public String name() {
      return "value";
    }
  }

  /** A fallback under a name. */
  record Named<T extends @Nullable Object>(String name, Fallback<T> fallback)
      implements Fallback<T> {

    @Override
    public T instead(Unavailable why) throws Exception {
      return fallback.instead(why);
    }
  }

  /** One after the other. */
  record Chain<T extends @Nullable Object>(Fallback<T> first, Fallback<T> next)
      implements Fallback<T> {

    @Override
    public T instead(Unavailable why) throws Exception {
      return inTurn(this, why, answered -> {});
    }
  }

  /** No fallback: the caller gets the exception. */
  record None<T extends @Nullable Object>() implements Fallback<T> {

    @Override
    public T instead(Unavailable why) throws Exception {
      if (why instanceof Failure failure) {
        throw failure.cause();
      }
      throw new RefusedException((Refusal) why);
    }
  }
}
