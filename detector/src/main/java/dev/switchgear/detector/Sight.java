package dev.switchgear.detector;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers that do not call from callers that we cannot see: the former show that they live.
 * Signs of life are heartbeats, and anything else that an instance has told of. Whoever had to drop
 * telemetry is not seen, and nobody is while we ourselves lag behind. One thread uses it.
 */
final class Sight {

  /** Heartbeats come every second to every five, or a little later. */
  private static final long BEAT_MILLIS = 6_000;

  /** A program that has not shown itself for so long is forgotten. */
  private static final long GONE_MILLIS = 600_000;

  /** The program through which others send; when it drops, it is not known whose. */
  private static final Set<String> CARRIERS = Set.of("gateway");

  /** Observations that are older than they can be by themselves, beside the usual delay. */
  private static final long OLD_MILLIS = 10_000;

  private static final int MOST = 20_000;

  private final Supplier<Collection<Lifesigns.Sign>> signs;
  private final Map<String, Life> lives = new HashMap<>();
  private final Map<String, Told> told = new HashMap<>();
  private long carriersDroppedMillis = Long.MIN_VALUE;
  private long read;
  private long old;
  private long laggingUntilMillis = Long.MIN_VALUE;

  /** A program, and when anything of it changed, by our clock. */
  private record Life(long beats, long aliveMillis, long dropped, long droppedMillis) {}

  /** Until when an instance has told what there was. */
  private static final class Told {
    private long untilMillis;

    Told(long untilMillis) {
      this.untilMillis = untilMillis;
    }
  }

  Sight(Supplier<Collection<Lifesigns.Sign>> signs) {
    this.signs = signs;
  }

  /** Looks at all heartbeats, and whether we keep up. */
  void look(long nowMillis) {
    Set<String> seen = new HashSet<>();
    for (Lifesigns.Sign sign : signs.get()) {
      String key = sign.role() + "/" + sign.instance();
      seen.add(key);
      Life before = lives.get(key);
      Life now = before == null ? first(sign, nowMillis) : next(before, sign, nowMillis);
      lives.put(key, now);
      if (CARRIERS.contains(sign.role())) {
        carriersDroppedMillis = Math.max(carriersDroppedMillis, now.droppedMillis());
      }
    }
    lives.keySet().retainAll(seen);
    told.values().removeIf(each -> nowMillis - each.untilMillis > GONE_MILLIS);
    if (read > 0 && 2 * old >= read) {
      laggingUntilMillis = nowMillis + OLD_MILLIS;
    }
    read = 0;
    old = 0;
  }

  /**
   * Something was read that an instance told of.
   *
   * @param untilMillis what it was of, by its clock
   * @param delayMillis how long such telemetry takes by itself
   */
  void told(String instance, long untilMillis, long delayMillis, long nowMillis) {
    read++;
    if (nowMillis - untilMillis > delayMillis + OLD_MILLIS) {
      old++;
    }
    long until = Math.min(untilMillis, nowMillis);
    Told known = told.get(instance);
    if (known != null) {
      known.untilMillis = Math.max(known.untilMillis, until);
    } else if (told.size() < MOST) {
      told.put(instance, new Told(until));
    }
  }

  /**
   * Whether what was told of a caller in a stretch of time is all that there was to tell: it showed
   * that it lives afterwards, and has dropped nothing since.
   */
  boolean sees(String instance, long fromMillis, long endMillis) {
    Life guard = lives.get("guard/" + instance);
    Life telemetry = lives.get("telemetry/" + instance);
    if (guard == null && telemetry == null) {
      return carriersDroppedMillis < fromMillis && toldAfter(instance, endMillis);
    }
    boolean dropped = droppedSince(guard, fromMillis) || droppedSince(telemetry, fromMillis);
    boolean alive = aliveAfter(guard, endMillis) || aliveAfter(telemetry, endMillis);
    return !dropped && (alive || toldAfter(instance, endMillis));
  }

  /** Whether we read what was told long ago: then what is of now has not been read. */
  boolean lagging(long nowMillis) {
    return nowMillis < laggingUntilMillis;
  }

  private boolean toldAfter(String instance, long millis) {
    Told known = told.get(instance);
    return known != null && known.untilMillis >= millis;
  }

  private static boolean droppedSince(@Nullable Life life, long sinceMillis) {
    return life != null && life.droppedMillis() >= sinceMillis;
  }

  /** The next heartbeat may not be due yet. */
  private static boolean aliveAfter(@Nullable Life life, long millis) {
    return life != null && life.aliveMillis() >= millis - BEAT_MILLIS;
  }

  /** Seen for the first time, a heartbeat may be hours old. */
  private static Life first(Lifesigns.Sign sign, long nowMillis) {
    boolean fresh = Math.abs(nowMillis - sign.atMillis()) <= BEAT_MILLIS;
    long alive = fresh ? nowMillis : nowMillis - GONE_MILLIS;
    return new Life(sign.beats(), alive, sign.dropped(), Long.MIN_VALUE);
  }

  private static Life next(Life before, Lifesigns.Sign sign, long nowMillis) {
    return new Life(
        sign.beats(),
        sign.beats() == before.beats() ? before.aliveMillis() : nowMillis,
        sign.dropped(),
        sign.dropped() <= before.dropped() ? before.droppedMillis() : nowMillis);
  }
}
