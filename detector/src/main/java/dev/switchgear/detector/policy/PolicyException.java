package dev.switchgear.detector.policy;

import org.jspecify.annotations.Nullable;

/**
 * A policy file that cannot be used. The message is one line for people: {@code FILE:LINE:}, the
 * key, its value, and what was expected.
 */
public final class PolicyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PolicyException(String file, int line, String problem, @Nullable Throwable cause) {
    super(file + ":" + line + ": " + problem, cause);
  }
}
