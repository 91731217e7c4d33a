package dev.switchgear.console.settings;

import dev.switchgear.breaker.policy.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Which keys and environment variables there are. */
final class Keys {

  static final String KAFKA = "kafka.";
  private static final String KAFKA_VARIABLE = Setting.VARIABLE_PREFIX + "KAFKA_";

  /** For the launching script, not for this program. */
  private static final Set<String> OF_THE_SCRIPT = Set.of("SWITCHGEAR_JAVA_OPTS");

  private Keys() {}

  /** Is the environment variable meant for us? */
  static boolean isVariable(String name) {
    return name.startsWith(Setting.VARIABLE_PREFIX) && !OF_THE_SCRIPT.contains(name);
  }

  /**
   * The key that an environment variable sets.
   *
   * @throws SettingException if there is none
   */
  static String ofVariable(String name) {
    if (name.startsWith(KAFKA_VARIABLE)) {
      String key = name.substring(KAFKA_VARIABLE.length()).replace('_', '.');
      return KAFKA + key.toLowerCase(Locale.ROOT);
    }
    return SettingCatalogue.all().stream()
        .filter(setting -> setting.variable().equals(name))
        .map(Setting::key)
        .findAny()
        .orElseThrow(() -> unknown("environment variable " + name, name, variables()));
  }

  /**
   * Checks a key of a file.
   *
   * @param place file and line
   * @throws SettingException if nobody knows the key
   */
  static void require(String key, String place) {
    Set<String> known = SettingCatalogue.byKey().keySet();
    if (!key.startsWith(KAFKA) && !known.contains(key)) {
      throw unknown(place + ": " + key, key, known);
    }
  }

  /**
   * What is odd about a key that is passed through. Plug-ins of Kafka's clients have keys of their
   * own, so a key that Kafka itself does not know is a doubt and not an error.
   */
  static Optional<String> doubt(String key, String place) {
    Set<String> known = kafkaKeys();
    if (!key.startsWith(KAFKA) || known.contains(key)) {
      return Optional.empty();
    }
    return Optional.of(
        place + ": Kafka's clients know no " + key + "; passed on all the same" + hint(key, known));
  }

  private static SettingException unknown(String what, String given, Collection<String> known) {
    return new SettingException(
        what + " is not a setting" + hint(given, known) + " (all: docs/configuration.md)");
  }

  private static String hint(String given, Collection<String> known) {
    return NearestName.of(given, known).map(name -> ". Did you mean " + name + "?").orElse("");
  }

  private static List<String> variables() {
    return SettingCatalogue.all().stream().map(Setting::variable).toList();
  }

  private static Set<String> kafkaKeys() {
    Set<String> keys = new TreeSet<>();
    List.of(
            ProducerConfig.configNames(),
            ConsumerConfig.configNames(),
            AdminClientConfig.configNames())
        .forEach(names -> names.forEach(name -> keys.add(KAFKA + name)));
    return keys;
  }
}
