package dev.switchgear.console;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.switchgear.console.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What can be known of docker-compose.yml and Dockerfile without Docker. */
class ComposeTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}|\\$([A-Za-z_]\\w*)");
  private static final Pattern WITH_DEFAULT = Pattern.compile("[A-Z_]+:-(.+)");
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+):(\\d+)");

  private final String text = resolved(read("docker-compose.yml"));
  private final Map<String, Object> compose =
      map(
          new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
              .loadFromString(text));

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }

  /** As docker compose does it: every variable by its default. */
  private static String resolved(String raw) {
    Matcher variables = VARIABLE.matcher(raw.replace("$$", ""));
    return variables.replaceAll(
        found -> {
          Matcher named = WITH_DEFAULT.matcher(String.valueOf(found.group(1)));
          assertThat(named.matches()).as("a default in " + found.group()).isTrue();
          return Matcher.quoteReplacement(named.group(1));
        });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) requireNonNull(value);
  }

  @SuppressWarnings("unchecked")
  private static List<String> list(@Nullable Object value) {
    return ((List<Object>) requireNonNull(value)).stream().map(String::valueOf).toList();
  }

  /** Services with what they merge in (YAML's {@code <<}). */
  private Map<String, Map<String, Object>> services() {
    Map<String, Map<String, Object>> services = new TreeMap<>();
    map(compose.get("services")).forEach((name, service) -> services.put(name, merged(service)));
    return services;
  }

  private static Map<String, Object> merged(@Nullable Object value) {
    Map<String, Object> merged = new HashMap<>();
    Map<String, Object> own = map(value);
    if (own.containsKey("<<")) {
      merged.putAll(merged(own.get("<<")));
    }
    merged.putAll(own);
    merged.remove("<<");
    return merged;
  }

  private Map<String, Map<String, Object>> ours() {
    Map<String, Map<String, Object>> ours = services();
    ours.values().removeIf(service -> !"switchgear:latest".equals(service.get("image")));
    return ours;
  }

  private static Map<String, String> environment(Map<String, Object> service) {
    Map<String, String> environment = new TreeMap<>();
    merged(service.getOrDefault("environment", Map.of()))
        .forEach((name, value) -> environment.put(name, String.valueOf(value)));
    return environment;
  }

  @Test
  void theFleetIsComplete() {
    assertThat(services().keySet())
        .containsExactlyInAnyOrder(
            "kafka-1",
            "kafka-2",
            "kafka-3",
            "topics",
            "ingest",
            "detector-1",
            "detector-2",
            "recovery-actions",
            "console",
            "demo-shop");
  }

  @Test
  void everyCommandIsOneThatOurCommandLineTakes() {
    Shell shell = Called.shell(new ByteArrayOutputStream(), new ByteArrayOutputStream(), Map.of());

    ours()
        .forEach(
            (name, service) ->
                assertThatCode(
                        () ->
                            Main.commandLine(shell)
                                .parseArgs(list(service.get("command")).toArray(String[]::new)))
                    .as(name)
                    .doesNotThrowAnyException());
  }

  @Test
  void everyVariableOfOursIsASetting() {
    ours()
        .forEach(
            (name, service) -> {
              Settings settings = Settings.read(null, environment(service));
              assertThat(settings.doubts()).as(name).isEmpty();
              assertThat(settings.bootstrapServers())
                  .isEqualTo("kafka-1:9092,kafka-2:9092,kafka-3:9092");
            });
  }

  @Test
  void whatAServiceDependsOnExists_andCanBecomeWhatIsAwaited() {
    Map<String, Map<String, Object>> services = services();
    services.forEach(
        (name, service) ->
            merged(service.getOrDefault("depends_on", Map.of()))
                .forEach(
                    (awaited, how) -> {
                      assertThat(services).as(name).containsKey(awaited);
                      assertThat(map(how).get("condition"))
                          .as(name + " on " + awaited)
                          .isEqualTo(
                              awaited.equals("topics")
                                  ? "service_completed_successfully"
                                  : "service_healthy");
                    }));
  }

  @Test
  void whoIsAwaitedAsHealthyShowsItsHealth() {
    Map<String, Map<String, Object>> services = services();
    Set<String> awaited = new TreeSet<>();
    services
        .values()
        .forEach(s -> awaited.addAll(merged(s.getOrDefault("depends_on", Map.of())).keySet()));
    awaited.remove("topics");

    assertThat(awaited)
        .contains("kafka-1", "detector-1")
        .allSatisfy(
            name -> {
              Map<String, Object> service = services.get(name);
              assertThat(service).isNotNull();
              if (ours().containsKey(name)) {
                assertThat(list(service.get("command")))
                    .containsSequence("--ready", "/tmp/switchgear-ready");
                assertThat(read("Dockerfile")).contains("find /tmp/switchgear-ready");
              } else {
                assertThat(service).containsKey("healthcheck");
              }
            });
  }

  @Test
  void brokersAgreeOnTheirQuorum_andReplicateThreeTimes() {
    for (int node = 1; node <= 3; node++) {
      Map<String, Object> service = services().get("kafka-" + node);
      assertThat(service).isNotNull();
      Map<String, String> environment = environment(service);

      assertThat(environment)
          .containsEntry("KAFKA_NODE_ID", Integer.toString(node))
          .containsEntry("KAFKA_DEFAULT_REPLICATION_FACTOR", "3")
          .containsEntry("KAFKA_MIN_INSYNC_REPLICAS", "2")
          .containsEntry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "3");
      assertThat(environment.get("KAFKA_CONTROLLER_QUORUM_VOTERS"))
          .contains(node + "@kafka-" + node + ":9093");
      assertThat(environment.get("KAFKA_ADVERTISED_LISTENERS"))
          .contains("INSIDE://kafka-" + node + ":9092");
    }
  }

  @Test
  void portsAreOpenOnLoopbackOnly_andNoneTwice() {
    List<String> outside = new ArrayList<>();
    services()
        .forEach(
            (name, service) ->
                list(service.getOrDefault("ports", List.of()))
                    .forEach(
                        port -> {
                          Matcher matcher = PORT.matcher(port);
                          assertThat(matcher.matches()).as(name + ": " + port).isTrue();
                          outside.add(matcher.group(1));
                        }));

    assertThat(outside).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void everyVolumeIsDeclared_andUsedByOneServiceOnly() {
    List<String> used =
        services().values().stream()
            .flatMap(service -> list(service.getOrDefault("volumes", List.of())).stream())
            .map(volume -> volume.substring(0, volume.indexOf(':')))
            .toList();

    assertThat(used)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(map(compose.get("volumes")).keySet());
  }

  @Test
  void theImageIsBuiltFromFilesThatExist() {
    Map<String, Object> build = map(merged(ours().get("topics")).get("build"));
    Path dockerfile =
        ROOT.resolve(String.valueOf(build.get("context")))
            .resolve(String.valueOf(build.get("dockerfile")));

    assertThat(dockerfile).exists();
    assertThat(read("Dockerfile").lines().filter(line -> line.startsWith("COPY")))
        .containsExactly(
            "COPY . .", "COPY --from=build /src/console/target/lib /opt/switchgear/lib");
    assertThat(read("Dockerfile")).contains("./mvnw", Main.class.getName(), "\nUSER switchgear\n");
    assertThat(ROOT.resolve("mvnw")).isExecutable();
    assertThat(Stream.of(read(".dockerignore").split("\n"))).doesNotContain("mvnw", ".mvn");
  }
}
