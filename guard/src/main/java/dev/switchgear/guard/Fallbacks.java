package dev.switchgear.guard;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
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
    Chain<T> chain = fallback instanceof Chain<T> several ? several : null;
    Fallback<T> asked = chain == null ? fallback : chain.first();
    if (asked instanceof Chosen<T> choice) {
      Fallback<T> chosen = choice.made(why);
      return inTurn(chain == null ? chosen : chosen.or(chain.next()), why, answered);
    }
    T answer;
    try {
      answer = asked.instead(why);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (chain == null) {
        throw e;
      }
      LOG.debug("Fallback {} for {} failed", asked.name(), why.breaker(), e);
      return inTurn(chain.next(), why, answered);
    }
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

  /** The same of one that answers later. */
  record NamedAsync<T extends @Nullable Object>(String name, AsyncFallback<T> fallback)
      implements AsyncFallback<T> {

    @Override
    public CompletionStage<T> instead(Unavailable why) {
      return fallback.instead(why);
    }
  }

  /** One that is chosen anew each time. */
  record Chosen<T extends @Nullable Object>(
      Function<? super Unavailable, ? extends Fallback<T>> choice) implements Fallback<T> {

    @Override
    public T instead(Unavailable why) throws Exception {
      return made(why).instead(why);
    }

    /** What is chosen; one that fails if the choice does. */
    private Fallback<T> made(Unavailable why) {
      try {
        return Objects.requireNonNull(choice.apply(why), "no fallback was chosen");
      } catch (Exception e) {
        return unanswered -> {
          throw e;
        };
      }
    }
  }

  /**
   * One after the other.
   *
   * @param first no chain
   */
  record Chain<T extends @Nullable Object>(Fallback<T> first, Fallback<T> next)
      implements Fallback<T> {

    @Override
    public T instead(Unavailable why) throws Exception {
      return inTurn(this, why, answered -> {});
    }

    @Override
    public Fallback<T> or(Fallback<T> further) {
      return new Chain<>(first, next.or(further));
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
