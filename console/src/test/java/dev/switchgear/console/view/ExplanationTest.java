package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.console.view.Recount.Result;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.SymptomTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  private static final Style PLAIN = new Style(false, true);

  @Test
  void aMoveIsExplained_withThoseSince_andWhatComesNext() {
    List<String> lines =
        Explanation.of(List.of(Moves.opened(), Moves.probing(), Moves.recovering()), PLAIN);

    assertThat(lines)
        .containsExactly(
            "payments/charge  CLOSED → OPEN  (epoch 8)  2026-01-02 03:04:05.000",
            "  Why         30 of 40 calls failed",
            "  Seen        40 calls since 03:04:04.600, 30 of them failed; in the newest second 11"
                + " of 12",
            "              3 more were refused in that second, which proves nothing",
            "  Strength    39.5, and 24.0 was wanted (natural logarithms of the odds against"
                + " chance)",
            "              because of 8.64e+06 calls a day no more than 0.00100 a day may be called"
                + " a symptom wrongly",
            "  Policy      version 3, accepts 10 % failed and 20 % slow calls",
            "  Errors      timeout 26, 503 4",
            "  Callers     checkout 30 of 30, cart 0 of 10 bad",
            "  Suspects    version checkout 1.4.2: 30 of 30 failed, elsewhere 0 of 10; strength 14.2;"
                + " first seen 03:01:05.000",
            "              service checkout: 30 of 40 failed, and nobody else calls",
            "  Deployed    payments 2.3.1, running since 03:00:05.000 on 3 of 10 instances",
            "  Latency     p50 21 ms, p90 2.1 s, p99 2.1 s of 40 calls",
            "  Traces      4bf92f3577b34da6a3ce929d0e0e4736",
            "  Read        switchgear.observations-2, offsets 1041..1056",
            "  Recomputed  agrees: strength 39.5 of 24.0 wanted, a symptom",
            "",
            "Since then",
            "  03:04:05.000  OPEN → PROBING  (epoch 9)  back-off is over [nothing to judge]",
            "  03:04:05.000  PROBING → RECOVERING  (epoch 10)  10 of 10 probes are well [agrees]",
            "",
            "  Next        1 % of the calls pass until 03:04:07.000 at least: proven well, more follow;"
                + " leaning ill, fewer; proven ill, it opens (as of epoch 10)");
  }

  @Test
  void whereAPartOfTheCallsWasTimed_slownessIsExplained_andJudgedAgain_byThatPart() {
    assertThat(Explanation.of(List.of(Moves.slow()), PLAIN))
        .contains(
            "  Seen        60 timed calls since 03:04:04.600, 40 of them slow; in the newest second"
                + " 20 of 60",
            "              940 more calls of that second do not count here: of so many a part is"
                + " timed")
        .anyMatch(line -> line.startsWith("  Recomputed  agrees: "));
    assertThat(Explanation.of(List.of(Moves.closed(980)), PLAIN))
        .contains(
            "  Seen        1000 calls in RECOVERING since 03:04:03.000, 0 of them failed, 0 of 20"
                + " timed ones slow",
            "  Recomputed  agrees: 1000 calls, 0 failed, 0 of 20 timed slow: proven well");
    assertThat(Recount.of(Moves.closed(998)).result()).isEqualTo(Result.DIFFERS);
  }

  @Test
  void whereAPersonDecided_thatIsSaid_andNothingIsJudged() {
    assertThat(Explanation.of(List.of(Moves.held()), PLAIN))
        .contains(
            "  Who         ana",
            "  Recomputed  nothing to judge: an operator decided",
            "  Next        no call passes until 03:05:05.000, or until it is released; then probes"
                + " (as of epoch 11)");
  }

  @Test
  void whereTheNumbersDoNotMakeTheVerdict_theDifferenceIsShown() {
    assertThat(Explanation.of(List.of(Moves.opened(400)), PLAIN))
        .anyMatch(line -> line.startsWith("  Recomputed  differs: strength 0.0 of 24.0 wanted"));
  }

  @Test
  void whatAnOlderDetectorPublishedCannotBeJudgedAgain() {
    BreakerTransition move = Moves.probing("probes failed", SymptomTest.UNKNOWN);

    assertThat(Recount.of(move).result()).isEqualTo(Result.UNKNOWN);
    assertThat(Explanation.of(List.of(move), PLAIN)).contains("  Policy      version 3");
  }

  @Test
  void whatCouldSteerTheTerminalIsNotShownAsItIs() {
    BreakerTransition move = Moves.probing("a\u001b[2Jb\nc", SymptomTest.NONE);

    assertThat(Explanation.of(List.of(move), PLAIN)).contains("  Why         a [2Jb c");
  }
}
