package dev.switchgear.breaker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NearestNameTest {

  private static final List<String> KNOWN = List.of("acceptedShare", "floor", "perSecond", "step");

  @Test
  void aTypoFindsItsName() {
    assertThat(NearestName.of("aceptedShare", KNOWN)).contains("acceptedShare");
    assertThat(NearestName.of("flor", KNOWN)).contains("floor");
    assertThat(NearestName.of("persecond", KNOWN)).contains("perSecond");
    assertThat(NearestName.of("steps", KNOWN)).contains("step");
  }

  @Test
  void swappedLettersAreTwoEdits_stillFound() {
    assertThat(NearestName.of("folor", KNOWN)).contains("floor");
  }

  @Test
  void whatSharesTooLittleFindsNothing() {
    assertThat(NearestName.of("zzzzzzzz", KNOWN)).isEmpty();
    assertThat(NearestName.of("", KNOWN)).isEmpty();
    assertThat(NearestName.of("floor", Set.of())).isEmpty();
  }

  @Test
  void ofTwoEquallyNearTheFirstByNameIsTaken() {
    assertThat(NearestName.of("bat", List.of("rat", "cat"))).contains("cat");
  }
}
