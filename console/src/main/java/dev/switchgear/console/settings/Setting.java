package dev.switchgear.console.settings;

import java.util.Locale;

/**
 * One thing that can be set.
 *
 * @param key as in a settings file, {@code app.component-name}
 * @param unset the value that holds when nobody sets it
 * @param means one sentence for the table in the documentation
 */
public record Setting(String key, String unset, String means) {

  static final String VARIABLE_PREFIX = "SWITCHGEAR_";

  /** The environment variable that sets it. */
  public String variable() {
    return VARIABLE_PREFIX + key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
  }

  /**
   * {@code releasePerSecond} of {@code recovery-actions} is {@code
   * recovery-actions.release-per-second}.
   */
  static String key(String app, String component) {
    return app + "." + component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
