package dev.switchgear.console.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = directory.resolve("fleet.properties");
  }

  /** A stand-in for the record of an app. */
  record App(String host, int threads, double releasePerSecond, Path stateDirectory) {
    App {
      if (threads < 1) {
        throw new IllegalArgumentException("threads: " + threads + " (expected: 1..64)");
      }
    }
  }

  private Settings file(String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines));
    return Settings.read(file, Map.of());
  }

  private static Map<String, Object> given() {
    return Map.of("host", "h", "stateDirectory", Path.of("s"), "releasePerSecond", 1.0);
  }

  private static int threads(Settings settings) {
    return settings.bind(App.class, "detector", given()).threads();
  }

  @Test
  void theFileOverridesWhatIsBuiltIn_theEnvironmentTheFile_aFlagBoth() throws IOException {
    Files.writeString(file, "detector.threads=3\n");
    Map<String, String> environment = Map.of("SWITCHGEAR_DETECTOR_THREADS", "4", "HOME", "/x");

    assertThat(threads(Settings.read(null, Map.of()))).isEqualTo(2);
    assertThat(threads(Settings.read(file, Map.of()))).isEqualTo(3);
    Settings both = Settings.read(file, environment);
    assertThat(threads(both)).isEqualTo(4);
    assertThat(threads(both.with("detector.threads", "5", "--threads"))).isEqualTo(5);
  }

  @Test
  void aComponentIsFoundByItsKebabCaseName() throws IOException {
    Settings settings =
        file("recovery-actions.release-per-second = 12.5", "recovery-actions.threads: 7");

    App app =
        settings.bind(
            App.class, "recovery-actions", Map.of("host", "h", "stateDirectory", Path.of("s")));

    assertThat(app).isEqualTo(new App("h", 7, 12.5, Path.of("s")));
  }

  @Test
  void anUnknownKeyIsToldWithLineAndNearestKey() {
    assertThatThrownBy(
            () ->
                file(
                    "# comment \\",
                    "",
                    "detector.application-id = a\\",
                    "  b",
                    "detector.treads=3"))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "%s:5: detector.treads is not a setting. Did you mean detector.threads?"
                + " (all: docs/configuration.md)",
            file);
  }

  @Test
  void anUnknownVariableIsToldWithTheNearest() {
    assertThatThrownBy(() -> Settings.read(null, Map.of("SWITCHGEAR_DETECTOR_TREADS", "3")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("environment variable SWITCHGEAR_DETECTOR_TREADS is not a setting")
        .hasMessageContaining("Did you mean SWITCHGEAR_DETECTOR_THREADS?");
  }

  @Test
  void theScriptsOwnVariableIsNoSetting() {
    assertThat(Settings.read(null, Map.of("SWITCHGEAR_JAVA_OPTS", "-Xmx1g")).kafka()).isEmpty();
  }

  @Test
  void aMalformedNumberIsToldWithItsPlace() throws IOException {
    Settings settings = file("", "detector.threads=many");

    assertThatThrownBy(() -> threads(settings))
        .isInstanceOf(SettingException.class)
        .hasMessage("%s:2: detector.threads: many (expected: a whole number)", file);
  }

  @Test
  void aNumberOutOfRangeIsToldWithItsPlaceInTheWordsOfTheRecord() throws IOException {
    Settings settings = file("detector.threads=0");

    assertThatThrownBy(() -> threads(settings))
        .isInstanceOf(SettingException.class)
        .hasMessage("%s:1: detector.threads: 0 (expected: 1..64)", file);
    assertThatThrownBy(() -> threads(settings.with("detector.threads", "-1", "--threads")))
        .hasMessage("--threads: -1 (expected: 1..64)");
  }

  @Test
  void aKeySetTwiceIsToldWithBothLines() {
    assertThatThrownBy(() -> file("gateway.port=1", "gateway.port=2"))
        .hasMessage("%s:2: gateway.port is set twice (first at %s:1)", file, file);
  }

  @Test
  void aMalformedEscapeIsToldWithItsLine() {
    assertThatThrownBy(() -> file("gateway.port=1", "gateway.host=\\u00zz"))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(file + ":2: ");
  }

  @Test
  void aFileThatIsNotTextIsRefused() throws IOException {
    Files.write(file, "gateway.host=ä".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> Settings.read(file, Map.of())).hasMessage(file + ": not UTF-8 text");
  }

  @Test
  void aMissingFileAndADirectoryAreRefused() {
    assertThatThrownBy(() -> Settings.read(file, Map.of())).hasMessage(file + ": no such file");
    assertThatThrownBy(() -> Settings.read(directory, Map.of()))
        .hasMessageStartingWith(directory + ": not a settings file");
  }

  @Test
  void kafkaKeysArePassedOn_fromFileAndEnvironment() throws IOException {
    Files.writeString(file, "kafka.security.protocol=SSL\nkafka.bootstrap.servers=a:1");
    Settings settings =
        Settings.read(file, Map.of("SWITCHGEAR_KAFKA_SSL_TRUSTSTORE_LOCATION", "/t"));

    assertThat(settings.kafka())
        .isEqualTo(Map.of("security.protocol", "SSL", "ssl.truststore.location", "/t"));
    assertThat(settings.bootstrapServers()).isEqualTo("a:1");
    assertThat(settings.isSet(Settings.BOOTSTRAP_SERVERS)).isTrue();
    assertThat(settings.doubts()).isEmpty();
  }

  @Test
  void aKafkaKeyThatKafkaDoesNotKnowIsPassedOn_butTold() throws IOException {
    Settings settings = file("kafka.security.protocl=SSL");

    assertThat(settings.kafka()).containsEntry("security.protocl", "SSL");
    assertThat(settings.doubts())
        .singleElement()
        .asString()
        .startsWith(file + ":1: Kafka's clients know no kafka.security.protocl")
        .endsWith("Did you mean kafka.security.protocol?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:1", "a.b-c:9092,d:1", "[::1]:9092,127.0.0.1:1"})
  void wellFormedBrokersAreTaken(String brokers) {
    Settings settings = Settings.read(null, Map.of());

    assertThat(settings.with(Settings.BOOTSTRAP_SERVERS, brokers, "--kafka").bootstrapServers())
        .isEqualTo(brokers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", ":1", "a:1,", "a:1 b:2", "http://a:1", "::1:9092"})
  void malformedBrokersAreRefused(String brokers) {
    Settings settings =
        Settings.read(null, Map.of()).with(Settings.BOOTSTRAP_SERVERS, brokers, "--kafka");

    assertThatThrownBy(settings::bootstrapServers)
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("--kafka: ")
        .hasMessageEndingWith("(expected: host:port[,host:port])");
  }
}
