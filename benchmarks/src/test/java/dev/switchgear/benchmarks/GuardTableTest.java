package dev.switchgear.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchgear.benchmarks.guard.Contender;
import dev.switchgear.benchmarks.guard.GuardTrial;
import dev.switchgear.benchmarks.guard.Reading;
import dev.switchgear.benchmarks.guard.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTableTest {

  private final List<Reading> readings = new ArrayList<>();

  private void measured(Scenario scenario, String title, double one, double two, double bytes) {
    Contender contender =
        GuardTrial.contenders().stream()
            .filter(each -> each.scenario() == scenario && each.title().equals(title))
            .findFirst()
            .orElseThrow();
    readings.add(new Reading(contender, 1, one, one, bytes));
    readings.add(new Reading(contender, 2, two, two, bytes));
  }

  @Test
  void everyContenderHasALine_withTimesOursInTheSameScenario() {
    measured(Scenario.FLOOR, "call alone", 1.2, 1.3, 0);
    measured(Scenario.FLOOR, "reading the clock once", 20, 20.5, 0);
    measured(Scenario.CLOSED, "switchgear", 12.5, 14, 0.001);
    measured(Scenario.CLOSED, "switchgear, every call timed", 50, 55, 0.001);
    measured(Scenario.CLOSED, "hystrix 1.5.18", 1_712.34, 2_200, 3_600.4);
    measured(Scenario.CLOSED, "armeria 1.40.0", 30, 33, 0);

    assertThat(GuardTable.of(readings))
        .containsExactly(
            "                                            NS A CALL          BYTES  TIMES OURS",
            "threads                                  1          2        1     2     1     2",
            "",
            "NOTHING GUARDED",
            "call alone                             1.2        1.3        0     0     -     -",
            "reading the clock once                20.0       20.5        0     0     -     -",
            "",
            "BREAKER CLOSED",
            "switchgear                            12.5       14.0        0     0  1.00  1.00",
            "switchgear, every call timed          50.0       55.0        0     0  4.00  3.93",
            "hystrix 1.5.18                     1,712.3    2,200.0    3,600 3,600   137   157",
            "armeria 1.40.0                        30.0       33.0        0     0  2.40  2.36",
            "",
            "GOALS                                               MEASURED     AT MOST",
            "closed, all timed, less two clock reads               8.8 ns     15.0 ns     met",
            "closed, all timed, of armeria 1.40.0                 169.4 %     183.3 %     met",
            "allocated, any scenario                                0.0 B       0.5 B     met",
            "two threads to one, any scenario                   1.1 times   1.3 times     met");
  }

  @Test
  void everythingIsInTheJson(@TempDir Path directory) throws IOException {
    measured(Scenario.OPEN, "switchgear", 5.5, 6.5, 0.25);
    Path file = directory.resolve("r.json");

    JsonFile.open(file, IllegalStateException::new).write(GuardResults.of(readings));

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/cores").asInt()).isPositive();
    assertThat(json.at("/readings")).hasSize(2);
    assertThat(json.at("/readings/1/contender/scenario").asText()).isEqualTo("OPEN");
    assertThat(json.at("/readings/1/threads").asInt()).isEqualTo(2);
    assertThat(json.at("/readings/1/nanos").asDouble()).isEqualTo(6.5);
    assertThat(json.at("/readings/1/bytes").asDouble()).isEqualTo(0.25);
    assertThat(json.at("/goals/0/measured").asDouble()).isEqualTo(5.5);
    assertThat(json.at("/goals/0/met").asBoolean(true)).isFalse();
  }

  @Test
  void everyLineFits() {
    for (Contender each : GuardTrial.contenders()) {
      measured(each.scenario(), each.title(), 99_999.9, 99_999.9, 9_999);
    }

    assertThat(GuardTable.of(readings)).hasSizeGreaterThan(30).allMatch(l -> l.length() <= 80);
  }
}
