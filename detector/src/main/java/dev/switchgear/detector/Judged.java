package dev.switchgear.detector;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.schemas.BreakerId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One breaker, and what is remembered beside it. One thread uses it. */
final class Judged {

  /** Enough to read again what a decision was made of: four seconds of one caller. */
  private static final int INPUTS = 16;

  private static final long[] NO_INPUTS = {};

  private final Breaker breaker;
  private String reason;
  private List<String> exemplars;
  private @Nullable Integer timeoutMillis;
  private long heardMillis;
  private long[] inputs = NO_INPUTS;
  private int inputCount;
  private String blamed = "";
  private boolean toBeKept;
  private boolean timed;
  private final Set<Scope> full = EnumSet.noneOf(Scope.class);

  /**
   * A breaker as it was published last.
   *
   * @param reason why it is in its state, in one line
   * @param exemplars trace ids of calls that led to that
   * @param timeoutMillis the recommended timeout
   * @param heardMillis when anything was last heard of it
   */
  Judged(
      Breaker breaker,
      String reason,
      List<String> exemplars,
      @Nullable Integer timeoutMillis,
      long heardMillis) {
    this.breaker = breaker;
    this.reason = reason;
    this.exemplars = List.copyOf(exemplars);
    this.timeoutMillis = timeoutMillis;
    this.heardMillis = heardMillis;
  }

  Breaker breaker() {
    return breaker;
  }

  String reason() {
    return reason;
  }

  List<String> exemplars() {
    return exemplars;
  }

  @Nullable Integer timeoutMillis() {
    return timeoutMillis;
  }

  long heardMillis() {
    return heardMillis;
  }

  /** Something of it has changed; says whether it is the first since {@link #kept}. */
  boolean marked() {
    boolean first = !toBeKept;
    toBeKept = true;
    return first;
  }

  /** Its content is being kept. */
  void kept() {
    toBeKept = false;
  }

  /** Whether it counts as one that has a timer. */
  boolean isTimed() {
    return timed;
  }

  void timed(boolean hasTimer) {
    timed = hasTimer;
  }

  /** It is in another state now; what was heard before explains nothing of what comes. */
  void moved(String why, List<String> ofCalls) {
    reason = why;
    exemplars = List.copyOf(ofCalls);
    inputCount = 0;
  }

  void recommends(@Nullable Integer newTimeoutMillis) {
    timeoutMillis = newTimeoutMillis;
  }

  /** Something was heard of it, at this offset of the observations. */
  void heard(long offset, long nowMillis) {
    heardMillis = nowMillis;
    if (inputs.length == 0) {
      inputs = new long[INPUTS];
    }
    inputs[inputCount % INPUTS] = offset;
    inputCount = inputCount == 2 * INPUTS - 1 ? INPUTS : inputCount + 1;
  }

  /** Remembers whom a symptom is blamed on; says whether that is news. Empty for nobody. */
  boolean blames(String caller) {
    boolean news = !caller.isEmpty() && !caller.equals(blamed);
    blamed = caller.isEmpty() ? blamed : caller;
    return news;
  }

  /** Whether it has had too many such parts lately for another; that is asked now and then. */
  boolean isFull(Scope scope) {
    return full.contains(scope);
  }

  void hasNoRoomFor(Scope scope) {
    full.add(scope);
  }

  /** There may be room for other parts again. */
  void mayHaveRoom() {
    full.clear();
  }

  /**
   * Whether the fleet is told of it: of an instance from its first transition on. Instances come
   * and go, and the topic keeps each name for ever.
   */
  boolean isTold() {
    return breaker.epoch() > 0 || !BreakerId.isInstance(breaker.id());
  }

  /** Offsets of the newest observations of this epoch, the oldest first. */
  long[] inputs() {
    long[] newest = Arrays.copyOf(inputs, Math.min(inputCount, INPUTS));
    Arrays.sort(newest);
    return newest;
  }
}
