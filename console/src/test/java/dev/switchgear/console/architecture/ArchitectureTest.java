package dev.switchgear.console.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

  private static final House HOUSE = new House("dev.switchgear");
  private static final House PLANTED = new House("dev.switchgear.console.architecture.planted");

  private static final JavaClasses HOUSE_CLASSES =
      new ClassFileImporter()
          .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(HOUSE.root());

  private static final JavaClasses PLANTED_CLASSES =
      new ClassFileImporter().importPackages(PLANTED.root());

  static List<ArchRule> rules() {
    return HOUSE.rules();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseKeeps(ArchRule rule) {
    rule.check(HOUSE_CLASSES);
  }

  /** A module that is not seen would keep every rule. */
  @ParameterizedTest
  @EnumSource
  void everyModuleIsSeen(Module module) {
    assertThat(HOUSE_CLASSES.that(HOUSE.resideIn(module))).isNotEmpty();
  }

  @Test
  void testsAreNotPartOfTheHouse() {
    assertThat(HOUSE_CLASSES)
        .extracting(JavaClass::getPackageName)
        .doesNotContain(House.class.getPackageName());
  }

  static Stream<Arguments> planted() {
    return Stream.of(
        Arguments.of(PLANTED.arrows(), "guard.CallsTheDetector"),
        Arguments.of(PLANTED.arrows(), "detector.CallsRecovery"),
        Arguments.of(PLANTED.arrows(), "recovery.CallsTheDetector"),
        Arguments.of(PLANTED.arrows(), "gamedays.CallsTheConsole"),
        Arguments.of(PLANTED.arrows(), "breaker.CallsTheGuard"),
        Arguments.of(PLANTED.arrows(), "gamedays.UsesWhatTestsUse"),
        Arguments.of(PLANTED.arrows(), "attic.BelongsToNoModule"),
        Arguments.of(PLANTED.cycles(), "guard.inner.CallsOuter"),
        Arguments.of(PLANTED.breakerNeedsOnlyTheJdk(), "breaker.Logs"),
        Arguments.of(PLANTED.breakerIsPure(), "breaker.ReadsTheClock"),
        Arguments.of(PLANTED.breakerIsPure(), "breaker.MeasuresTime"),
        Arguments.of(PLANTED.breakerIsPure(), "breaker.ThrowsDice"),
        Arguments.of(PLANTED.breakerIsPure(), "breaker.StartsAThread"),
        Arguments.of(PLANTED.breakerIsPure(), "breaker.ReadsAFile"),
        Arguments.of(PLANTED.kafka(), "detector.policy.SpeaksKafka"),
        Arguments.of(PLANTED.streams(), "guard.UsesStreams"),
        Arguments.of(PLANTED.webServers(), "ingest.sdk.ServesHttp"),
        Arguments.of(PLANTED.wallClocks(), "detector.ReadsTheClock"),
        Arguments.of(PLANTED.wallClocks(), "breaker.ReadsTheClock"));
  }

  @ParameterizedTest
  @MethodSource("planted")
  void aPlantedBreach_isSeen(ArchRule rule, String planted) {
    EvaluationResult result = rule.evaluate(PLANTED_CLASSES);
    assertThat(result.getFailureReport().getDetails())
        .anyMatch(detail -> detail.contains(PLANTED.root() + "." + planted));
  }

  @ParameterizedTest
  @MethodSource("plantedRules")
  void whatIsAllowed_isNotSeen(ArchRule rule) {
    EvaluationResult result = rule.evaluate(PLANTED_CLASSES);
    assertThat(result.getFailureReport().getDetails())
        .noneMatch(detail -> detail.contains(PLANTED.root() + ".detector.Heartbeats."))
        .noneMatch(detail -> detail.contains(PLANTED.root() + ".breaker.Pure."));
  }

  static List<ArchRule> plantedRules() {
    return PLANTED.rules();
  }
}
