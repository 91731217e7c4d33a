package dev.switchgear.adapters.openfeature;

import dev.openfeature.sdk.Client;
import dev.switchgear.guard.Fallback;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fallback of several variants; a feature flag says which one users get, each time one is needed.
 * So it can be another in the midst of an outage, or another for some users, without a release.
 *
 * <pre>{@code
 * Fallback<Page> instead =
 *     Variants.<Page>of(flags, "home-when-ill")
 *         .variant("popular", why -> popular())
 *         .variant("static", Fallback.value(STATIC))
 *         .fallback();
 * }</pre>
 *
 * <p>The flag is a string, the name of a variant; the evaluation context is that of the client and
 * of the current transaction. Where nobody says what it is, or it names none of them, users get the
 * first. What was degraded is told under the variant's name. To be built by one thread.
 */
public final class Variants<T extends @Nullable Object> {

  private static final Logger LOG = LoggerFactory.getLogger(Variants.class);

  /** Values of the flag that are no variant and are told; users may get many of them. */
  private static final int MOST = 10;

  private final Client flags;
  private final String flag;
  private final Map<String, Fallback<T>> variants = new LinkedHashMap<>();

  private Variants(Client flags, String flag) {
    this.flags = flags;
    this.flag = flag;
  }

  /**
   * Starts to describe one.
   *
   * @param flag key of the flag
   */
  public static <T extends @Nullable Object> Variants<T> of(Client flags, String flag) {
    return new Variants<>(flags, Objects.requireNonNull(flag, "flag"));
  }

  /**
   * A variant; the first is what users get unless the flag names another.
   *
   * @param name value of the flag; 1..255 characters
   * @throws IllegalArgumentException if there is one of that name
   */
  public Variants<T> variant(String name, Fallback<T> fallback) {
    if (variants.putIfAbsent(name, fallback.named(name)) != null) {
      throw new IllegalArgumentException(
          "variant: \"%s\" twice (expected: another name)".formatted(name));
    }
    return this;
  }

  /**
   * The fallback of the variants described so far.
   *
   * @throws IllegalStateException if there is none
   */
  public Fallback<T> fallback() {
    if (variants.isEmpty()) {
      throw new IllegalStateException("variant: none of flag " + flag + " (expected: at least 1)");
    }
    Map<String, Fallback<T>> all = new LinkedHashMap<>(variants);
    String first = all.keySet().iterator().next();
    Set<String> unknown = ConcurrentHashMap.newKeySet();
    return Fallback.chosen(
        why -> {
          String wanted = flags.getStringValue(flag, first);
          Fallback<T> named = all.get(wanted);
          if (named == null && unknown.size() < MOST && unknown.add(String.valueOf(wanted))) {
            LOG.warn("Flag {} is \"{}\" (expected: one of {})", flag, wanted, all.keySet());
          }
          return named == null ? all.get(first) : named;
        });
  }
}
