package dev.switchgear.console;

import static java.util.Objects.requireNonNullElse;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.schemas.KafkaUnreachableException;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.embedded.EmbeddedKafka;
import dev.switchgear.schemas.embedded.PortInUseException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka cluster that has answered.
 *
 * @param kafka client configuration without the brokers
 */
record Cluster(String bootstrapServers, Map<String, String> kafka) {

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(8);

  Cluster {
    kafka = Map.copyOf(kafka);
  }

  /**
   * Asks the cluster that the settings name.
   *
   * @throws KafkaUnreachableException if no broker answers within eight seconds
   */
  static Cluster reach(Settings settings) throws InterruptedException {
    Cluster cluster = new Cluster(settings.bootstrapServers(), settings.kafka());
    cluster.topics();
    return cluster;
  }

  /**
   * Starts a Kafka of our own in this process.
   *
   * @param parts stops it
   */
  static Cluster own(Settings settings, int port, @Nullable Path directory, Parts parts) {
    try {
      EmbeddedKafka kafka = EmbeddedKafka.start(new EmbeddedKafka.Options(port, directory));
      return new Cluster(parts.add(kafka).bootstrapServers(), settings.kafka());
    } catch (PortInUseException e) {
      throw ConsoleException.failed(
          "Port "
              + port
              + " is taken: stop the program that listens there,"
              + " or choose another one with --port (0 takes a free one)",
          e);
    }
  }

  /** Configuration for any client. */
  Map<String, Object> clients() {
    Map<String, Object> clients = new HashMap<>(kafka);
    clients.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return clients;
  }

  /** Creates the topics that are missing. A broker takes a moment to lead what it was given. */
  TopicProvisioning.Report provision(Collection<String> queues) {
    Logs.Muted muted = Logs.mute("org.apache.kafka.clients.producer.internals.Sender");
    try {
      return TopicProvisioning.provision(clients(), queues);
    } finally {
      muted.close();
    }
  }

  /** Refuses a cluster that was not provisioned, so that nothing waits for topics for ever. */
  Cluster requireTopics() throws InterruptedException {
    if (!topics().contains(Topics.BREAKER_STATE.name())) {
      throw ConsoleException.failed(
          "Kafka at "
              + bootstrapServers
              + " has no topic "
              + Topics.BREAKER_STATE.name()
              + ": no Switchgear runs there yet\nStart one with: switchgear up --kafka "
              + bootstrapServers
              + " (or only create the topics: switchgear topics create)",
          null);
    }
    return this;
  }

  private Set<String> topics() throws InterruptedException {
    Map<String, Object> config = clients();
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
    Logs.Muted muted = Logs.mute("org.apache.kafka");
    try (Admin admin = Admin.create(config)) {
      return admin
          .listTopics()
          .names()
          .get(ANSWER_WITHIN.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new KafkaUnreachableException(bootstrapServers, e);
    } catch (ExecutionException e) {
      throw refusal(requireNonNullElse(e.getCause(), e));
    } catch (KafkaException e) {
      throw misconfigured(e);
    } finally {
      muted.close();
    }
  }

  private RuntimeException refusal(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return new KafkaUnreachableException(bootstrapServers, cause);
    }
    String why = cause instanceof AuthenticationException ? " refuses us: " : ": ";
    return ConsoleException.failed(
        "Kafka at " + bootstrapServers + why + cause.getMessage(), cause);
  }

  private RuntimeException misconfigured(KafkaException e) {
    Throwable cause = e.getCause() instanceof ConfigException deeper ? deeper : e;
    String message = String.valueOf(cause.getMessage());
    String why = message.contains("No resolvable") ? "nobody knows this host name" : message;
    return ConsoleException.wrongUsage("Kafka at " + bootstrapServers + ": " + why, e);
  }
}
