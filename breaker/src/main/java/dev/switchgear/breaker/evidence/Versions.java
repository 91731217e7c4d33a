package dev.switchgear.breaker.evidence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * When each version of each caller was seen for the first time. What was there when the seeing
 * began may be of any age, so it has no such time. At most {@value #MOST}, the newest. Not
 * thread-safe.
 */
public final class Versions {

  static final int MOST = 32;

  /** Whoever calls at all has called by then. */
  private static final long FIRST_LOOK_MILLIS = 10_000;

  /** A deployment shows within minutes, or it is another that comes to mind. */
  private static final long NEW_MILLIS = 15 * 60_000;

  /** A version's first report tells of calls made before it was heard. */
  private static final long REPORT_MILLIS = 2_000;

  private final Map<String, Long> firstSeen = new LinkedHashMap<>();
  private long sinceMillis;

  /**
   * What is kept.
   *
   * @param sinceMillis when the first of all was seen; 0 where none was
   * @param seen the one known longest first
   */
  public record Snapshot(long sinceMillis, List<Seen> seen) {
    public static final Snapshot NOTHING = new Snapshot(0, List.of());
  }

  /**
   * One version.
   *
   * @param name service and version
   * @param firstSeenMillis 0 where it was there from the beginning
   */
  public record Seen(String name, long firstSeenMillis) {}

  /** A caller calls. */
  void heard(Caller caller, long nowMillis) {
    String name = Dimension.VERSION.value(caller);
    if (name == null || firstSeen.containsKey(name)) {
      return;
    }
    sinceMillis = sinceMillis == 0 ? nowMillis : sinceMillis;
    boolean dated = nowMillis - sinceMillis >= FIRST_LOOK_MILLIS;
    firstSeen.put(name, dated ? nowMillis : 0L);
    if (firstSeen.size() > MOST) {
      firstSeen.remove(firstSeen.keySet().iterator().next());
    }
  }

  /** When that version was first seen, if that was minutes before a moment; else 0. */
  long newFrom(String name, long momentMillis) {
    long seen = firstSeen.getOrDefault(name, 0L);
    boolean recent = seen >= momentMillis - NEW_MILLIS && seen <= momentMillis + REPORT_MILLIS;
    return recent ? seen : 0;
  }

  /** What a restart needs. */
  public Snapshot snapshot() {
    List<Seen> seen =
        firstSeen.entrySet().stream().map(e -> new Seen(e.getKey(), e.getValue())).toList();
    return new Snapshot(sinceMillis, seen);
  }

  /** Continues from what {@link #snapshot} gave. */
  public void restore(Snapshot kept) {
    sinceMillis = kept.sinceMillis();
    kept.seen().forEach(each -> firstSeen.put(each.name(), each.firstSeenMillis()));
  }
}
