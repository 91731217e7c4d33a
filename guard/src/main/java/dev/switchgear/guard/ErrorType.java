package dev.switchgear.guard;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Names of exceptions to count them by: the class name without package, as it is known to people.
 */
final class ErrorType {

  private static final ClassValue<String> NAMES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          String name = type.getName();
          return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
        }
      };

  private ErrorType() {}

  static String of(Throwable thrown) {
    return NAMES.get(unwrapped(thrown).getClass());
  }

  /** What really failed, where it was wrapped on its way from another thread. */
  static Throwable unwrapped(Throwable thrown) {
    Throwable within = thrown;
    for (int i = 0; i < Refused.CAUSES && isWrapping(within); i++) {
      Throwable cause = within.getCause();
      if (cause == null) {
        break;
      }
      within = cause;
    }
    return within;
  }

  private static boolean isWrapping(Throwable thrown) {
    return thrown instanceof CompletionException || thrown instanceof ExecutionException;
  }
}
