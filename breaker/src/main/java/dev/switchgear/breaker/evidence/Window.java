package dev.switchgear.breaker.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The recent past of one breaker in one-second slices by event time. Counts are kept per slice;
 * histograms, error types and callers, which cost more, per half of the window. What is older than
 * the window is not added to now. Bounded: {@value #SLICES} slices, {@link NameCounts#MAX_NAMES}
 * error types and callers, {@value #MAX_EXEMPLARS} exemplars. Not thread-safe.
 */
public final class Window {

  public static final int SLICE_MILLIS = 1_000;
  public static final int SLICES = 60;
  static final int MAX_EXEMPLARS = 4;

  /** A trace id has 32 characters; anything much longer is none. */
  static final int MAX_EXEMPLAR_LENGTH = 64;

  /**
   * A caller's clock may run ahead of ours by this much; a sample further ahead counts as of now.
   */
  public static final long CLOCK_SKEW_MILLIS = 2_000;

  /** Room for the window and the two seconds of skew, so that no two of these share a slot. */
  private static final int RING = 64;

  private static final long NEVER = Long.MIN_VALUE;
  private static final int[] NO_COUNTS = {};

  /** Seconds are counted from the start of 2024: so an int holds those of 68 years around it. */
  private static final long ORIGIN = 1_704_067_200;

  private static final int UNUSED = Integer.MIN_VALUE;

  private int[] seconds = NO_COUNTS;
  private int[] calls = NO_COUNTS;

  // Those of a healthy dependency, of whose calls all are timed, are all zero and take no room.
  private int[] errors = NO_COUNTS;
  private int[] slow = NO_COUNTS;
  private int[] refusals = NO_COUNTS;
  private int[] untimed = NO_COUNTS;
  private @Nullable Half newer;
  private @Nullable Half older;

  /**
   * Counts over a stretch of time.
   *
   * @param slow slow ones of the {@link #timed} calls
   * @param untimed calls that do not count when slowness is judged ({@link TimedCalls}); 0..calls
   */
  public record Totals(long calls, long errors, long slow, long refusals, long untimed) {

    /** Calls that count when slowness is judged; both are rounded where a sample is spread. */
    public long timed() {
      return Math.max(0, calls - untimed);
    }
  }

  /**
   * One second of the window.
   *
   * @param index seconds since the epoch
   */
  public record Slice(long index, Totals totals) {}

  /** What the window holds in detail. */
  public record Details(
      ExponentialHistogram latencyNanos,
      Map<String, Long> errors,
      Map<String, Long> callsByService,
      Map<String, Long> badByService,
      List<String> exemplars) {}

  /**
   * Adds a sample, {@code failed} of its calls failed, evenly over the slices of its interval.
   *
   * @param timed those of its calls that count when slowness is judged
   * @return false if the sample is older than the window and was not added
   */
  public boolean add(CallSample sample, long failed, TimedCalls.Counts timed, long nowMillis) {
    long untimedCalls = sample.calls() - timed.calls();
    Totals seen = new Totals(sample.calls(), failed, timed.slow(), sample.refusals(), untimedCalls);
    if (!spread(sample, seen, nowMillis)) {
      return false;
    }
    half(nowMillis).add(sample, Math.max(failed, timed.slowOfAll()));
    return true;
  }

  /**
   * Adds only what a sample says of demand that was refused: its calls are no evidence of now.
   *
   * @return false if the sample is older than the window and was not added
   */
  public boolean addRefusals(CallSample sample, long nowMillis) {
    return spread(sample, new Totals(0, 0, 0, sample.refusals(), 0), nowMillis);
  }

  /** Counts of the last {@code millis} before now, whole slices, the running one included. */
  public Totals totals(long nowMillis, long millis) {
    return sum(second(nowMillis - millis), second(nowMillis + CLOCK_SKEW_MILLIS));
  }

  /**
   * Counts of the {@code millis} up to the newest call that is known of, though it took its time to
   * get here. Callers whose clocks run ahead do not push the others out.
   */
  public Totals latest(long nowMillis, long millis) {
    long now = second(nowMillis);
    long ahead = second(nowMillis + CLOCK_SKEW_MILLIS);
    long newest = now - SLICES;
    for (int i = 0; i < seconds.length; i++) {
      if (at(calls, i) > 0 && index(i) > newest && index(i) <= ahead) {
        newest = index(i);
      }
    }
    return sum(Math.min(newest, now) - millis / SLICE_MILLIS, newest);
  }

  /** Calls wanted a second, refused ones included, over the time for which the window has data. */
  public double demandPerSecond(long nowMillis) {
    long now = second(nowMillis);
    long last = second(nowMillis + CLOCK_SKEW_MILLIS);
    long oldest = now;
    long wanted = 0;
    for (int i = 0; i < seconds.length; i++) {
      long index = index(i);
      if (index > now - SLICES && index <= last) {
        wanted += (long) at(calls, i) + at(refusals, i);
        oldest = Math.min(oldest, index);
      }
    }
    return wanted / (double) (now - oldest + 1);
  }

  /** Details of the last thirty to sixty seconds. */
  public Details details() {
    Half sum = new Half(NEVER);
    Stream.of(older, newer).filter(Objects::nonNull).forEach(sum::merge);
    return new Details(
        sum.latency,
        sum.errors.toMap(),
        sum.callsByService.toMap(),
        sum.badByService.toMap(),
        List.copyOf(sum.exemplars));
  }

  /**
   * Forgets latencies, names and exemplars, but no counts: what came before an epoch explains
   * nothing after it.
   */
  public void forgetDetails() {
    newer = null;
    older = null;
  }

  /** The slices that hold anything: what a restart needs. */
  public List<Slice> slices() {
    List<Slice> kept = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      if (seconds[i] != UNUSED) {
        kept.add(new Slice(index(i), totals(i)));
      }
    }
    return kept;
  }

  /** Continues from what {@link #slices} gave. */
  public void restore(List<Slice> kept) {
    for (Slice slice : kept) {
      count(slice.index(), slice.totals(), 0, 1);
    }
  }

  private boolean spread(CallSample sample, Totals seen, long nowMillis) {
    long now = second(nowMillis);
    long last = second(sample.toMillis() - 1);
    long first = Math.max(second(sample.fromMillis()), now - SLICES + 1);
    if (last > second(nowMillis + CLOCK_SKEW_MILLIS)) {
      first = now;
      last = now;
    }
    if (last < first) {
      return false;
    }
    boolean empty = seen.calls() == 0 && seen.refusals() == 0;
    int parts = empty ? 0 : (int) (last - first + 1);
    for (int part = 0; part < parts; part++) {
      count(first + part, seen, part, parts);
    }
    return true;
  }

  private void count(long index, Totals seen, int part, int parts) {
    int slot = slot(index);
    calls = plus(calls, slot, share(seen.calls(), part, parts));
    errors = plus(errors, slot, share(seen.errors(), part, parts));
    slow = plus(slow, slot, share(seen.slow(), part, parts));
    refusals = plus(refusals, slot, share(seen.refusals(), part, parts));
    untimed = plus(untimed, slot, share(seen.untimed(), part, parts));
  }

  private static long share(long whole, int part, int parts) {
    return parts == 1 ? whole : whole * (part + 1) / parts - whole * part / parts;
  }

  /** Two billion calls in a second are more than any fleet makes; the count stays there. */
  private static int[] plus(int[] counts, int slot, long more) {
    if (more == 0) {
      return counts;
    }
    int[] room = counts.length == 0 ? new int[RING] : counts;
    room[slot] = (int) Math.min(Integer.MAX_VALUE, room[slot] + more);
    return room;
  }

  private static int at(int[] counts, int slot) {
    return counts.length == 0 ? 0 : counts[slot];
  }

  private static void clear(int[] counts, int slot) {
    if (counts.length > 0) {
      counts[slot] = 0;
    }
  }

  private Totals totals(int slot) {
    return new Totals(
        at(calls, slot), at(errors, slot), at(slow, slot), at(refusals, slot), at(untimed, slot));
  }

  private Totals sum(long after, long last) {
    long c = 0;
    long e = 0;
    long s = 0;
    long r = 0;
    long u = 0;
    for (int i = 0; i < seconds.length; i++) {
      if (index(i) > after && index(i) <= last) {
        c += at(calls, i);
        e += at(errors, i);
        s += at(slow, i);
        r += at(refusals, i);
        u += at(untimed, i);
      }
    }
    return new Totals(c, e, s, r, u);
  }

  private int slot(long index) {
    if (seconds.length == 0) {
      seconds = new int[RING];
      Arrays.fill(seconds, UNUSED);
    }
    int slot = Math.floorMod(index, RING);
    if (index(slot) != index) {
      seconds[slot] = (int) (index - ORIGIN);
      clear(calls, slot);
      clear(errors, slot);
      clear(slow, slot);
      clear(refusals, slot);
      clear(untimed, slot);
    }
    return slot;
  }

  private long index(int slot) {
    return seconds[slot] == UNUSED ? NEVER : ORIGIN + seconds[slot];
  }

  private static long second(long millis) {
    return Math.floorDiv(millis, SLICE_MILLIS);
  }

  private Half half(long nowMillis) {
    long index = Math.floorDiv(nowMillis, SLICES * (long) SLICE_MILLIS / 2);
    Half last = newer;
    if (last != null && last.index == index) {
      return last;
    }
    older = last != null && last.index == index - 1 ? last : null;
    Half next = new Half(index);
    newer = next;
    return next;
  }

  /** The costly part of the window, for half of its time. */
  private static final class Half {
    private final long index;
    private final ExponentialHistogram latency = ExponentialHistogram.empty();
    private final NameCounts errors = new NameCounts();
    private final NameCounts callsByService = new NameCounts();
    private final NameCounts badByService = new NameCounts();
    private final List<String> exemplars = new ArrayList<>();

    Half(long index) {
      this.index = index;
    }

    void add(CallSample sample, long bad) {
      latency.add(sample.latencyNanos());
      errors.addAll(sample.errors());
      callsByService.add(sample.service(), sample.calls());
      badByService.add(sample.service(), bad);
      addExemplars(sample.exemplars());
    }

    void merge(Half other) {
      latency.add(other.latency);
      errors.addAll(other.errors);
      callsByService.addAll(other.callsByService);
      badByService.addAll(other.badByService);
      addExemplars(other.exemplars);
    }

    /** The newest are kept: they are the ones a person can still look up. */
    private void addExemplars(List<String> more) {
      for (String exemplar : more) {
        if (exemplar.length() <= MAX_EXEMPLAR_LENGTH) {
          exemplars.add(exemplar);
        }
      }
      if (exemplars.size() > MAX_EXEMPLARS) {
        exemplars.subList(0, exemplars.size() - MAX_EXEMPLARS).clear();
      }
    }
  }
}
