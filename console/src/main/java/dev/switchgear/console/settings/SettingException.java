package dev.switchgear.console.settings;

import org.jspecify.annotations.Nullable;

/** Something that an operator set is wrong. The message says where, what, and what was expected. */
public final class SettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SettingException(String message) {
    this(message, null);
  }

  SettingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
