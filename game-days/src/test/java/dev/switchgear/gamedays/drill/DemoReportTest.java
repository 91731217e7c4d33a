package dev.switchgear.gamedays.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchgear.gamedays.drill.DemoReport.Act;
import dev.switchgear.gamedays.drill.DemoReport.Machine;
import dev.switchgear.gamedays.drill.DemoReport.Orders;
import dev.switchgear.gamedays.drill.DemoReport.Requests;
import dev.switchgear.gamedays.drill.DemoReport.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoReportTest {

  private static DemoReport report(String... problems) {
    Act act =
        new Act(
            "payments down",
            "payments/charge",
            900L,
            950L,
            null,
            17,
            800,
            new Requests(1, 2, 3),
            new Orders(4, 5, 6, 7, 8, 9));
    return new DemoReport(
        List.of(problems),
        List.of(act),
        new Machine(2, 4096, "Linux", "17"),
        new Settings(50, 2, 42, "4.3.1"));
  }

  @Test
  void theJsonHasExactlyTheFieldsThatToolsRead() throws Exception {
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"passed": true, "problems": [],
                 "acts": [{"name": "payments down", "breaker": "payments/charge",
                   "faultToOpenMillis": 900, "faultToObeyedMillis": 950, "healToClosedMillis": null,
                   "callsReachedAfterFault": 17, "callsRefused": 800,
                   "requests": {"succeeded": 1, "degraded": 2, "failed": 3},
                   "orders": {"accepted": 4, "parked": 5, "replayed": 6, "lost": 7,
                     "duplicated": 8, "outOfOrder": 9}}],
                 "machine": {"cores": 2, "memoryMiB": 4096, "os": "Linux", "java": "17"},
                 "settings": {"rate": 50.0, "instances": 2, "seed": 42, "kafkaVersion": "4.3.1"}}
                """);

    assertThat(new ObjectMapper().readTree(report().toJson())).isEqualTo(expected);
  }

  @Test
  void anyProblemMeansNotPassed() throws Exception {
    DemoReport report = report("search/query ended OPEN (expected: CLOSED)");

    assertThat(report.passed()).isFalse();
    assertThat(new ObjectMapper().readTree(report.toJson()).get("passed").asBoolean()).isFalse();
  }

  @Test
  void theMachineIsTheOneThisRunsOn() {
    Machine machine = Machine.present();

    assertThat(machine.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(machine.memoryMiB()).isPositive();
    assertThat(machine.os()).contains(System.getProperty("os.name"));
  }
}
