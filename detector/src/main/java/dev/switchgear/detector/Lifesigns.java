package dev.switchgear.detector;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.TopicFollower;
import java.util.Collection;
import java.util.List;
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
  private final Map<String, Map<String, Sign>> ofServices = new ConcurrentHashMap<>();

  /**
   * A program as it showed itself last.
   *
   * @param service which it is part of; may be empty
   * @param beats how often it has; that this grows is the sign of life, whatever its clock says
   */
  record Sign(
      String role,
      String instance,
      String service,
      String version,
      long startedMillis,
      long beats,
      long atMillis,
      long dropped) {}

  Collection<Sign> all() {
    return signs.values();
  }

  /** Those of a service, at this moment. */
  List<Sign> of(String service) {
    return List.copyOf(ofServices.getOrDefault(service, Map.of()).values());
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable Heartbeat heartbeat) {
    String key = record.key();
    if (key == null) {
      return;
    }
    if (heartbeat == null) {
      forget(key);
      return;
    }
    if (signs.size() >= MOST && !signs.containsKey(key)) {
      long oldest = heartbeat.getAtMillis() - FORGOTTEN_MILLIS;
      List.copyOf(signs.entrySet()).stream()
          .filter(each -> each.getValue().atMillis() < oldest)
          .forEach(each -> forget(each.getKey()));
    }
    if (signs.size() < MOST || signs.containsKey(key)) {
      Sign before = signs.get(key);
      remember(key, sign(heartbeat, before == null ? 1 : before.beats() + 1));
    }
  }

  private void remember(String key, Sign sign) {
    Sign before = signs.put(key, sign);
    if (before != null && !before.service().equals(sign.service())) {
      leave(before.service(), key);
    }
    ofServices.computeIfAbsent(sign.service(), unseen -> new ConcurrentHashMap<>()).put(key, sign);
  }

  private void forget(String key) {
    Sign sign = signs.remove(key);
    if (sign != null) {
      leave(sign.service(), key);
    }
  }

  private void leave(String service, String key) {
    Map<String, Sign> others = ofServices.getOrDefault(service, Map.of());
    others.remove(key);
    if (others.isEmpty()) {
      ofServices.remove(service);
    }
  }

  private static Sign sign(Heartbeat heartbeat, long beats) {
    return new Sign(
        heartbeat.getRole(),
        heartbeat.getInstance(),
        heartbeat.getService(),
        heartbeat.getVersion(),
        heartbeat.getStartedAtMillis(),
        beats,
        heartbeat.getAtMillis(),
        heartbeat.getDropped());
  }
}
