package dev.switchgear.guard;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.ImplicitContextKeyed;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Until when somebody waits for an answer. Carried in OpenTelemetry's {@link Context}, so that a
 * guard within a guarded call never waits for longer than its caller does; and from service to
 * service as what is left of it, in a header, because clocks differ.
 *
 * <pre>{@code
 * // Who calls, within a guarded call:
 * Deadline.current().ifPresent(d -> request.header(Deadline.HEADER, d.headerValue()));
 * // Who is called:
 * try (Scope scope = Deadline.received(request.header(Deadline.HEADER)).makeCurrent()) { ... }
 * }</pre>
 */
public final class Deadline implements ImplicitContextKeyed {

  /** Milliseconds that are left, as a decimal number. */
  public static final String HEADER = "Switchgear-Timeout-Millis";

  private static final ContextKey<Deadline> KEY = ContextKey.named("switchgear-deadline");
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int DIGITS = 9;

  /** Whether there ever was one in this process: else nobody need look. */
  private static volatile boolean known;

  private final long atNanos;
  private final Clocks clocks;

  private Deadline(long atNanos, Clocks clocks) {
    this.atNanos = atNanos;
    this.clocks = clocks;
  }

  /** So long from now; a day at most. */
  public static Deadline in(Duration left) {
    Duration bounded = left.compareTo(LONGEST) > 0 ? LONGEST : left;
    return at(Clocks.SYSTEM.nanos() + bounded.toNanos(), Clocks.SYSTEM);
  }

  /**
   * What a caller sent as {@link #HEADER}; a day from now where it sent nothing that can be read.
   */
  public static Deadline received(@Nullable String headerValue) {
    boolean number =
        headerValue != null
            && headerValue.length() <= DIGITS
            && !headerValue.isEmpty()
            && headerValue.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? in(Duration.ofMillis(Long.parseLong(headerValue))) : in(LONGEST);
  }

  /** The deadline of the current context. */
  public static Optional<Deadline> current() {
    return Optional.ofNullable(of(Context.current()));
  }

  /** Whether that of the current context has passed. */
  static boolean isOver() {
    Deadline current = known ? of(Context.current()) : null;
    return current != null && current.remainingNanos() <= 0;
  }

  static Deadline at(long nanos, Clocks clocks) {
    if (!known) {
      known = true;
    }
    return new Deadline(nanos, clocks);
  }

  static boolean known() {
    return known;
  }

  static @Nullable Deadline of(Context context) {
    return context.get(KEY);
  }

  /** What is left; zero if it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, remainingNanos()));
  }

  /** What is left, as {@link #HEADER} tells it. */
  public String headerValue() {
    return Long.toString(remaining().toMillis());
  }

  /** The context with this deadline, or an earlier one if it has that. */
  @Override
  public Context storeInContext(Context context) {
    Deadline other = of(context);
    boolean earlier = other != null && other.remainingNanos() <= remainingNanos();
    return earlier ? context : context.with(KEY, this);
  }

  long remainingNanos() {
    return atNanos - clocks.nanos();
  }
}
