package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which calls of an epoch are timed: all of them, or, where there are very many, a random part of
 * one in two, four, eight and so on, so that about as many a second are timed as are wanted.
 *
 * <p>It is drawn before the call, so that neither its outcome nor its duration has a say, and at
 * random, since every so-manieth call may be one that is alike. A call whose turn it is may end
 * when a smaller part is timed than when it began: then it is drawn once more, for the calls that
 * end together shall be alike however long they took. Else the slow calls from before a rise would
 * meet fewer quick ones. After a fall, those that began before are rarer than others until they
 * have ended.
 *
 * <p>Callers on any thread draw; one thread {@link #fit}s.
 */
final class Sampling {

  /** The most that a user can ask for, and more than a process can call. */
  static final int EVERY_CALL = Integer.MAX_VALUE;

  /** The draw of a call that is not timed. Others are the mask of the part that it is of. */
  static final int NOT_TIMED = -1;

  /** The draw of a call that whoever makes it has timed: it is drawn at its end. */
  static final int UNDRAWN = 0;

  /** One in a million: at the fewest timed calls, a thousand million a second. */
  private static final int MOST_HALVINGS = 20;

  /** A part is made smaller only at so many times what is wanted, lest it change with each look. */
  private static final double SLACK = 1.5;

  private static final VarHandle MASK;

  static {
    try {
      MASK = MethodHandles.lookup().findVarHandle(Sampling.class, "mask", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Random bits that must be zero for a call to be timed: each one halves the part. */
  @SuppressWarnings("UnusedVariable") // By its handle.
  private int mask;

  private double perSecondBefore;

  /** Draws for a call that begins now. */
  int draw() {
    int now = (int) MASK.getOpaque(this);
    return now == 0 || isDrawn(now) ? now : NOT_TIMED;
  }

  /** Whether the duration of a call counts that ends now and began with this draw. */
  boolean counts(int drawn) {
    int added = (int) MASK.getOpaque(this) & ~drawn;
    return drawn != NOT_TIMED && (added == 0 || isDrawn(added));
  }

  private static boolean isDrawn(int bits) {
    return (StripedRandom.next() & bits) == 0;
  }

  /**
   * Fits the part to how often there are calls: to the lower of the last two rates, so that a burst
   * changes nothing and a fall is followed at once.
   *
   * @param calls that began since the last time, without those that a limit refused
   * @param nanos since then
   * @param wantedPerSecond how many are to be timed; {@link #EVERY_CALL} for all
   */
  void fit(long calls, long nanos, int wantedPerSecond) {
    if (nanos <= 0 || wantedPerSecond == EVERY_CALL) {
      return;
    }
    double perSecond = calls * 1e9 / nanos;
    double steady = Math.min(perSecond, perSecondBefore);
    perSecondBefore = perSecond;
    int halvings = Integer.bitCount((int) MASK.getOpaque(this));
    while (halvings < MOST_HALVINGS && part(steady, halvings) > SLACK * wantedPerSecond) {
      halvings++;
    }
    while (halvings > 0 && part(steady, halvings - 1) <= wantedPerSecond) {
      halvings--;
    }
    MASK.setOpaque(this, (1 << halvings) - 1);
  }

  private static double part(double perSecond, int halvings) {
    return perSecond / (1 << halvings);
  }
}
