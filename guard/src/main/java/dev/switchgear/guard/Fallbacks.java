package dev.switchgear.guard;

import org.jspecify.annotations.Nullable;

/** Kinds of fallbacks that are more than a function. */
final class Fallbacks {

  private Fallbacks() {}

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
    @SuppressWarnings("Interruption") // To whom the exception belongs is told.
    public T instead(Unavailable why) throws Exception {
      try {
        return first.instead(why);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        return next.instead(why);
      }
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
