package dev.switchgear.breaker;

/**
 * What an operator asks of a breaker.
 *
 * @param who not empty
 * @param issuedAtMillis when it was given, more than 0; of two commands the later given one holds
 * @param untilMillis when a hold ends by itself, at most {@link #LONGEST_HOLD_MILLIS} after it was
 *     given; not used by {@link Kind#RELEASE}
 */
public record Command(Kind kind, String who, String why, long issuedAtMillis, long untilMillis) {

  /** What to do. */
  public enum Kind {
    HOLD_OPEN,
    HOLD_CLOSED,
    SHADOW,
    RELEASE
  }

  /** Thirty days: what is to hold for longer belongs into the policy. */
  public static final long LONGEST_HOLD_MILLIS = 30 * 86_400_000L;

  public Command {
    if (who.isBlank()) {
      throw Argument.bad("who", "\"" + who + "\"", "a name");
    }
    if (issuedAtMillis <= 0) {
      throw Argument.bad("issuedAtMillis", issuedAtMillis, "epoch milliseconds, more than 0");
    }
    boolean fine =
        untilMillis > issuedAtMillis && untilMillis - issuedAtMillis <= LONGEST_HOLD_MILLIS;
    if (kind != Kind.RELEASE && !fine) {
      throw Argument.bad(
          "untilMillis",
          untilMillis,
          "after issuedAtMillis " + issuedAtMillis + ", at most 30 days");
    }
  }

  /** Whether its time has passed already, so that all it can do is end what came before it. */
  boolean over(long nowMillis) {
    return kind == Kind.RELEASE || untilMillis <= nowMillis;
  }

  Hold hold() {
    return new Hold(who, why, untilMillis);
  }
}
