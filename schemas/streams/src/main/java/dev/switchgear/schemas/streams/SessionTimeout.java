package dev.switchgear.schemas.streams;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the group waits for a sign of life, and so how long a dead instance's work lies idle:
 * what we want, or the shortest that the brokers allow.
 */
final class SessionTimeout {

  private static final Logger LOG = LoggerFactory.getLogger(SessionTimeout.class);

  /** Less takes a busy machine for a dead one. */
  static final Duration WANTED = Duration.ofSeconds(3);

  /** What brokers allow unless they are told otherwise. */
  static final Duration ALWAYS_ALLOWED = Duration.ofSeconds(6);

  private static final String SHORTEST = "group.min.session.timeout.ms";
  private static final long ANSWER_WITHIN_SECONDS = 30;

  private SessionTimeout() {}

  /**
   * The time-out to use on a cluster.
   *
   * @param clients client configuration
   */
  static Duration on(Map<String, Object> clients) {
    try (Admin admin = Admin.create(clients)) {
      Duration allowed = shortestAllowed(admin);
      return allowed.compareTo(WANTED) > 0 ? allowed : WANTED;
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("Whether brokers allow less than {} is not known", ALWAYS_ALLOWED, e);
      return ALWAYS_ALLOWED;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** The group may be coordinated by any broker; they are taken to be set alike. */
  private static Duration shortestAllowed(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    Node any =
        admin.describeCluster().nodes().get(ANSWER_WITHIN_SECONDS, SECONDS).iterator().next();
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, any.idString());
    Map<ConfigResource, Config> found =
        admin.describeConfigs(List.of(broker)).all().get(ANSWER_WITHIN_SECONDS, SECONDS);
    Config config = found.get(broker);
    ConfigEntry entry = config == null ? null : config.get(SHORTEST);
    String millis = entry == null ? null : entry.value();
    return millis == null ? ALWAYS_ALLOWED : Duration.ofMillis(Long.parseLong(millis));
  }
}
