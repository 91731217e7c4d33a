package dev.switchgear.detector.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Policies that cannot be used. The message is for people, a line for each mistake: {@code
 * FILE:LINE:}, the key, its value, and what was expected.
 */
public final class PolicyException extends RuntimeException {

  private static final long serialVersionUID = 2L;

  private final int mistakes;

  PolicyException(List<String> lines, @Nullable Throwable cause) {
    super(String.join("\n", lines), cause);
    this.mistakes = lines.size();
  }

  PolicyException(String file, int line, String problem, @Nullable Throwable cause) {
    this(List.of(file + ":" + line + ": " + problem), cause);
  }

  /** How many lines the message has. */
  public int mistakes() {
    return mistakes;
  }
}
