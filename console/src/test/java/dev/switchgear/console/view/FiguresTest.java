package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 %",
    "1, 0.01 %",
    "12, 0.12 %",
    "500, 5 %",
    "999, 9.99 %",
    "2121, 21.2 %",
    "9999, 99.9 %",
    "10000, 100 %"
  })
  void aShareHasThreeDigits_andIsNeverRoundedUpToAll(int perTenThousand, String shown) {
    assertThat(Figures.share(perTenThousand)).isEqualTo(shown).hasSizeLessThanOrEqualTo(6);
  }
}
