package dev.switchgear.console.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.DetectorSettings;
import dev.switchgear.gamedays.drill.DemoSettings;
import dev.switchgear.ingest.gateway.GatewaySettings;
import dev.switchgear.recovery.RecoverySettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingCatalogueTest {

  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final String RECORD = "switchgear.docs.record";
  private static final String BEGIN = "<!-- generated: settings -->";
  private static final String END = "<!-- end -->";

  /** What a part is given by the program and nobody sets. */
  private static final Set<String> GIVEN = Set.of("bootstrapServers", "kafka");

  private static final Map<String, Class<? extends Record>> APPS =
      Map.of(
          "gateway", GatewaySettings.class,
          "detector", DetectorSettings.class,
          "recovery-actions", RecoverySettings.class,
          "demo", DemoSettings.class);

  @Test
  void theKeysAreTheComponentsOfTheAppsRecords() {
    List<String> components =
        APPS.entrySet().stream().flatMap(app -> keys(app.getKey(), app.getValue())).toList();

    assertThat(SettingCatalogue.all())
        .extracting(Setting::key)
        .filteredOn(key -> !key.equals(Settings.BOOTSTRAP_SERVERS))
        .containsExactlyInAnyOrderElementsOf(components);
  }

  private static Stream<String> keys(String app, Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .filter(name -> !GIVEN.contains(name))
        .map(name -> Setting.key(app, name));
  }

  @Test
  void whatIsBuiltInMakesEveryRecord() {
    Settings settings = Settings.read(null, Map.of());
    Map<String, Object> given =
        Map.of(
            "bootstrapServers",
            "localhost:9092",
            "kafka",
            Map.of(),
            "stateDirectory",
            Path.of("s"));

    APPS.forEach((app, type) -> assertThat(settings.bind(type, app, given)).isNotNull());
  }

  @Test
  void theDocumentedTableIsCurrent() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    String current =
        page.substring(0, begin) + "\n\n" + table() + "\n" + page.substring(page.indexOf(END));
    if (Boolean.getBoolean(RECORD)) {
      Files.writeString(PAGE, current);
    }

    assertThat(Files.readString(PAGE))
        .as("docs/configuration.md; write it anew with -D" + RECORD + "=true")
        .isEqualTo(current);
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| key | built in | meaning |\n|---|---|---|\n");
    for (Setting setting : SettingCatalogue.all()) {
      String unset = setting.unset().isEmpty() ? "" : "`" + setting.unset() + "`";
      table.append("| `%s` | %s | %s |%n".formatted(setting.key(), unset, setting.means()));
    }
    return table.toString();
  }
}
