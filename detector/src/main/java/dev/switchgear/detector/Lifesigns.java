package dev.switchgear.detector;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.TopicFollower;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What {@code switchgear.heartbeats} says: which programs live, and how much of their telemetry
 * they had to drop. Thread-safe.
 */
final class Lifesigns implements TopicFollower.Listener<Heartbeat> {

  /** Programs of a large fleet; some hundred bytes each. */
  private static final int MOST = 50_000;

  /** Who has been silent for so long by the clocks of others makes room. */
  private static final long FORGOTTEN_MILLIS = 600_000;

  private final Map<String, Sign> signs = new ConcurrentHashMap<>();

  /**
   * A program as it showed itself last.
   *
   * @param beats how often it has; that this grows is the sign of life, whatever its clock says
   */
  record Sign(String role, String instance, long beats, long atMillis, long dropped) {}

  Collection<Sign> all() {
    return signs.values();
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable Heartbeat heartbeat) {
    String key = record.key();
    if (key == null) {
      return;
    }
    if (heartbeat == null) {
      signs.remove(key);
      return;
    }
    if (signs.size() >= MOST && !signs.containsKey(key)) {
      long oldest = heartbeat.getAtMillis() - FORGOTTEN_MILLIS;
      signs.values().removeIf(sign -> sign.atMillis() < oldest);
    }
    if (signs.size() < MOST || signs.containsKey(key)) {
      Sign before = signs.get(key);
      signs.put(key, sign(heartbeat, before == null ? 1 : before.beats() + 1));
    }
  }

  private static Sign sign(Heartbeat heartbeat, long beats) {
    return new Sign(
        heartbeat.getRole(),
        heartbeat.getInstance(),
        beats,
        heartbeat.getAtMillis(),
        heartbeat.getDropped());
  }
}
