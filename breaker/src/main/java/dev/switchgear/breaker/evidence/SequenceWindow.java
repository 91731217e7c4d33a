package dev.switchgear.breaker.evidence;

/**
 * Tells repeated numbers from new ones in a stream that may be reordered: the anti-replay window of
 * IPsec (RFC 4303, section 3.4.3). Numbers up to 63 behind the highest are told apart; older ones
 * count as repeated. Immutable.
 *
 * @param incarnation which start of the sender the numbers belong to
 * @param highest highest number seen
 * @param seen bit {@code i} is set where {@code highest - i} has been seen
 */
public record SequenceWindow(long incarnation, long highest, long seen) {

  /** A sender's first number. */
  public static SequenceWindow startingAt(long incarnation, long number) {
    return new SequenceWindow(incarnation, number, 1);
  }

  /** Whether this number was seen before, or belongs to an older incarnation. */
  public boolean repeats(long fromIncarnation, long number) {
    if (fromIncarnation != incarnation) {
      return fromIncarnation < incarnation;
    }
    if (number > highest) {
      return false;
    }
    long behind = highest - number;
    boolean tooOld = behind < 0 || behind >= Long.SIZE;
    return tooOld || (seen >>> behind & 1) == 1;
  }

  /** The window after a number that does not {@link #repeats repeat}. */
  public SequenceWindow with(long fromIncarnation, long number) {
    if (fromIncarnation != incarnation) {
      return startingAt(fromIncarnation, number);
    }
    if (number <= highest) {
      return new SequenceWindow(incarnation, highest, seen | 1L << (highest - number));
    }
    long ahead = number - highest;
    boolean farAhead = ahead < 0 || ahead >= Long.SIZE;
    return new SequenceWindow(incarnation, number, farAhead ? 1 : seen << ahead | 1);
  }
}
