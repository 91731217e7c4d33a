package dev.switchgear.schemas.released;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.SchemaDirectory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The build check. To release today's schemas as a new set, when a version that writes them is
 * shipped:
 *
 * <pre>./mvnw -pl schemas/records test -Dtest=ReleasedSchemasTest -Dswitchgear.schemas.release=0.2
 * </pre>
 *
 * and commit the files.
 */
class ReleasedSchemasTest {

  private static final String RELEASE = "switchgear.schemas.release";
  private static final ReleasedSchemas RELEASED = new ReleasedSchemas(Path.of("src/released"));
  private static final List<Schema> TODAY = SchemaDirectory.builtIn();

  @Test
  void everythingReleased_survivesTodaysSchemas() {
    assertThat(breaches()).withFailMessage(ReleasedSchemasTest::message).isEmpty();
  }

  private static List<Breach> breaches() {
    return Stream.concat(
            Compatibility.brokenRules(TODAY).stream(),
            RELEASED.all().entrySet().stream()
                .flatMap(
                    set -> Compatibility.breaches(set.getKey(), set.getValue(), TODAY).stream()))
        .toList();
  }

  private static String message() {
    return breaches().stream()
        .map(Breach::toString)
        .collect(
            Collectors.joining(
                "\n  ",
                "switchgear.avdl has changed so that released programs or records would not"
                    + " survive:\n  ",
                "\nWhy: schemas/RATIONALE.md, \"Schemas only grow\"."));
  }

  @Test
  void aSetIsReleased_andWhole() {
    assertThat(RELEASED.all()).containsKey("0.1");
    assertThat(RELEASED.all().values()).allSatisfy(set -> assertThat(set).isNotEmpty());
  }

  @Test
  @EnabledIfSystemProperty(named = RELEASE, matches = ".*")
  void whenAskedTo_releasesTodaysSchemas() {
    assertThat(breaches()).withFailMessage(ReleasedSchemasTest::message).isEmpty();
    RELEASED.add(System.getProperty(RELEASE), TODAY);
  }

  @Test
  void whatWasReleased_isReadAsItWasWritten(@TempDir Path scratch) {
    ReleasedSchemas released = new ReleasedSchemas(scratch.resolve("released"));

    released.add("0.1", TODAY);
    released.add("0.2", TODAY.subList(0, 1));

    assertThat(released.all()).containsOnlyKeys("0.1", "0.2");
    assertThat(released.all().get("0.1")).containsExactlyInAnyOrderElementsOf(TODAY);
    assertThat(released.all().get("0.2")).containsExactly(TODAY.get(0));
  }

  @Test
  void aReleasedSet_isNeverWrittenAgain(@TempDir Path scratch) {
    ReleasedSchemas released = new ReleasedSchemas(scratch);
    released.add("0.1", TODAY);

    assertThatThrownBy(() -> released.add("0.1", List.of()))
        .hasMessage("Cannot release 0.1 to " + scratch.resolve("0.1") + " (expected: a new folder)")
        .hasCauseInstanceOf(FileAlreadyExistsException.class);
    assertThat(released.all().get("0.1")).hasSameSizeAs(TODAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "v0.2", "0.2-SNAPSHOT", "../0.2"})
  void aVersionThatIsNone_isRefused(String version, @TempDir Path scratch) {
    ReleasedSchemas released = new ReleasedSchemas(scratch);
    assertThatThrownBy(() -> released.add(version, TODAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version: \"" + version + "\" (expected: MAJOR.MINOR, such as 0.2)");
    assertThat(scratch).isEmptyDirectory();
  }
}
