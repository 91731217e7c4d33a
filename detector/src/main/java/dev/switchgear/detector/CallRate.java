package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.detector.state.KeptCaller;
import dev.switchgear.schemas.Lane;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How many calls a breaker's callers want to make, in stretches of ten seconds by the callers'
 * clocks, refused ones included. A stretch is looked at once all that tells of it has had time to
 * come. One thread uses it.
 */
final class CallRate {

  static final long STRETCH_MILLIS = 10_000;

  /** Four minutes: metrics that come every minute are late by two. */
  private static final int STRETCHES = 24;

  /** Callers told apart; what others call counts in the whole. */
  private static final int MOST_CALLERS = 64;

  /** Most breakers have a few callers, and there are many breakers. */
  private static final int FEW = 2;

  /** What is usual is half forgotten after five minutes. */
  private static final double HALF_LIFE_MILLIS = 300_000;

  /** So much of what is usually called must not be out of sight. */
  private static final double MOST_OUT_OF_SIGHT = 0.5;

  /** Who usually makes so few calls a second does not count any more. */
  private static final double FORGOTTEN_PER_SECOND = 1e-4;

  /** Who is out of sight for so long has left. */
  private static final long LEFT_MILLIS = 3_600_000;

  /** So many looks make what is usual; as many are behind what was kept. */
  private static final int KNOWN = 1_000;

  /** From this delay on, stretches are looked at by the minute: they come by the minute. */
  private static final long SLOW_MILLIS = 40_000;

  private static final int SLOW_STRETCHES = 6;
  private static final long SECOND_MILLIS = 1_000;

  private final int[] stretches = new int[STRETCHES];
  private final double[] calls = new double[STRETCHES];
  private final Map<String, Caller> callers = new HashMap<>(FEW);
  private final Map<String, Callers> services = new HashMap<>(FEW);
  private long delayMillis;
  private long next;

  /** An instance that calls. */
  private static final class Caller {
    private final String service;
    private double usualPerSecond;
    private long fresh;
    private boolean seen = true;
    private long unseenMillis;
    private int looks;

    Caller(String service) {
      this.service = service;
    }
  }

  /** All instances of a service: one may take over the calls of another. */
  private static final class Callers {
    private double usualPerSecond;
    private double nowPerSecond;
    private double unseenPerSecond;
    private int looks;

    /** What is missing, and may well be called where nobody sees it. */
    double outOfSight() {
      return Math.max(0, Math.min(unseenPerSecond, usualPerSecond - nowPerSecond));
    }
  }

  /**
   * What was found in a stretch.
   *
   * @param perSecond calls a second; not a number where too much is out of sight, which is no
   *     evidence of anything
   * @param usualPerSecond what those who call usually call; 0 where nobody is known to
   * @param callersLeft whether callers are gone for good, and what was usual is no more
   */
  record Found(double perSecond, double usualPerSecond, boolean callersLeft) {}

  /** Nothing that was called before this moment is looked at. */
  CallRate(long nowMillis) {
    Arrays.fill(stretches, Integer.MIN_VALUE);
    next = nowMillis / STRETCH_MILLIS + 1;
  }

  /** How long telemetry of a lane takes until it is read. */
  static long delayMillis(Lane lane, CallSample sample) {
    long interval = sample.toMillis() - sample.fromMillis();
    return switch (lane) {
      case GUARD -> 2_000 + interval;
      case METRIC -> 15_000 + interval;
      default -> 12_000;
    };
  }

  /**
   * Counts a sample's calls in the stretches in which they were made. A clock that is ahead is
   * taken to be right about all but that.
   */
  void add(CallSample sample, long delay, long nowMillis) {
    delayMillis = Math.max(delayMillis, Math.min(delay, STRETCH_MILLIS * STRETCHES / 2));
    long wanted = sample.calls() + sample.refusals();
    caller(sample).fresh += wanted;
    double perMilli = wanted / (double) (sample.toMillis() - sample.fromMillis());
    long ahead = Math.max(0, sample.toMillis() - nowMillis);
    long last = (sample.toMillis() - ahead - 1) / STRETCH_MILLIS;
    long first = Math.max((sample.fromMillis() - ahead) / STRETCH_MILLIS, last - STRETCHES + 1);
    for (long stretch = first; stretch <= last; stretch++) {
      long from = Math.max(sample.fromMillis() - ahead, stretch * STRETCH_MILLIS);
      long to = Math.min(sample.toMillis() - ahead, (stretch + 1) * STRETCH_MILLIS);
      put(stretch, perMilli * (to - from));
    }
  }

  /** When the next look is due; in whole seconds, so that many are due at once. */
  long dueMillis() {
    return endMillis() + (delayMillis + SECOND_MILLIS) / SECOND_MILLIS * SECOND_MILLIS;
  }

  /** End of the stretch that is looked at next. */
  long endMillis() {
    return (next + width()) * STRETCH_MILLIS;
  }

  /**
   * Looks at the next stretch; the look after it is at the one that follows. What those would call
   * who are out of sight is taken to be as usual.
   */
  Found look(Sight sight) {
    int width = width();
    long end = endMillis();
    double seconds = width * STRETCH_MILLIS / 1e3;
    double perSecond = 0;
    for (int i = 0; i < width; i++) {
      perSecond += in(next + i) / seconds;
    }
    lookAtCallers(sight, next * STRETCH_MILLIS, end, seconds);
    double usual = services.values().stream().mapToDouble(each -> each.usualPerSecond).sum();
    double unseen = services.values().stream().mapToDouble(Callers::outOfSight).sum();
    next += width;
    delayMillis -= delayMillis / 50;
    boolean left = learn(width * STRETCH_MILLIS);
    boolean blind = usual <= 0 || unseen > MOST_OUT_OF_SIGHT * usual;
    return new Found(blind ? Double.NaN : perSecond + unseen, usual, left);
  }

  /** Leaves out what has been missed: looks go on with what is called from now on. */
  void skipTo(long nowMillis) {
    next = Math.max(next, nowMillis / STRETCH_MILLIS);
  }

  /** Whether a stretch that is due has fallen out of memory. */
  boolean missed(long nowMillis) {
    return nowMillis - dueMillis() > STRETCHES / 2 * STRETCH_MILLIS;
  }

  /** Services whose calls are missing, those of which most are missing first. */
  List<String> missing(int most) {
    return services(most, each -> each.usualPerSecond - each.nowPerSecond);
  }

  /** Services that call, those that usually call most first. */
  List<String> services(int most) {
    return services(most, each -> each.usualPerSecond);
  }

  List<KeptCaller> kept() {
    return callers.entrySet().stream()
        .map(
            each ->
                new KeptCaller(
                    each.getValue().service, each.getKey(), each.getValue().usualPerSecond))
        .toList();
  }

  void restore(List<KeptCaller> kept) {
    for (KeptCaller each : kept) {
      Caller caller = new Caller(each.getService());
      caller.usualPerSecond = each.getUsualPerSecond();
      caller.looks = KNOWN;
      callers.put(each.getInstance(), caller);
      Callers service = service(each.getService());
      service.usualPerSecond += each.getUsualPerSecond();
      service.looks = KNOWN;
    }
  }

  private int width() {
    return delayMillis >= SLOW_MILLIS ? SLOW_STRETCHES : 1;
  }

  private Caller caller(CallSample sample) {
    Caller known = callers.get(sample.instance());
    if (known != null) {
      return known;
    }
    String name = callers.size() < MOST_CALLERS ? sample.instance() : Names.OTHERS;
    return callers.computeIfAbsent(name, unseen -> new Caller(sample.service()));
  }

  private void put(long stretch, double more) {
    int i = (int) Math.floorMod(stretch, (long) STRETCHES);
    if (stretches[i] < stretch) {
      stretches[i] = (int) stretch;
      calls[i] = 0;
    }
    if (stretches[i] == stretch) {
      calls[i] += more;
    }
  }

  private double in(long stretch) {
    int i = (int) Math.floorMod(stretch, (long) STRETCHES);
    return stretches[i] == stretch ? calls[i] : 0;
  }

  private Callers service(String name) {
    return services.computeIfAbsent(name, unseen -> new Callers());
  }

  private void lookAtCallers(Sight sight, long fromMillis, long endMillis, double seconds) {
    services.values().forEach(each -> each.nowPerSecond = 0);
    services.values().forEach(each -> each.unseenPerSecond = 0);
    for (Map.Entry<String, Caller> each : callers.entrySet()) {
      Caller caller = each.getValue();
      caller.seen = sight.sees(each.getKey(), fromMillis, endMillis);
      Callers service = service(caller.service);
      service.nowPerSecond += caller.fresh / seconds;
      service.unseenPerSecond += caller.seen ? 0 : caller.usualPerSecond;
    }
  }

  /** Says whether callers have left for good. */
  private boolean learn(long millis) {
    double keep = Math.pow(0.5, millis / HALF_LIFE_MILLIS);
    boolean left = false;
    for (Caller each : callers.values()) {
      boolean known = each.seen || service(each.service).outOfSight() == 0;
      each.unseenMillis = known ? 0 : each.unseenMillis + millis;
      if (known) {
        double now = each.fresh / (millis / 1e3);
        each.usualPerSecond = mean(each.usualPerSecond, now, ++each.looks, keep);
      }
      each.fresh = 0;
      left |= each.unseenMillis > LEFT_MILLIS;
    }
    for (Callers each : services.values()) {
      if (each.outOfSight() == 0) {
        each.usualPerSecond = mean(each.usualPerSecond, each.nowPerSecond, ++each.looks, keep);
      }
    }
    if (left) {
      services.clear();
    }
    callers.values().removeIf(each -> each.unseenMillis > LEFT_MILLIS || isForgotten(each));
    services.values().removeIf(each -> each.usualPerSecond < FORGOTTEN_PER_SECOND);
    return left;
  }

  /** That of all looks, as long as they are few; then the older ones fade. */
  private static double mean(double before, double now, int looks, double keep) {
    return before + (now - before) * Math.max(1 - keep, 1.0 / looks);
  }

  private static boolean isForgotten(Caller caller) {
    return caller.usualPerSecond < FORGOTTEN_PER_SECOND;
  }

  private List<String> services(int most, ToDoubleFunction<Callers> by) {
    return services.entrySet().stream()
        .filter(each -> by.applyAsDouble(each.getValue()) > 0)
        .sorted(Comparator.comparing(each -> -by.applyAsDouble(each.getValue())))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }
}
