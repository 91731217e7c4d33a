package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.drill.DemoReport;
import dev.switchgear.gamedays.drill.DemoReport.Act;
import dev.switchgear.gamedays.drill.DemoReport.Orders;
import dev.switchgear.gamedays.drill.DemoReport.Requests;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final Style PLAIN = new Style(false, true);
  private static final Act HEALTHY =
      new Act("Healthy", null, null, null, null, 0, 0, new Requests(9, 0, 0), orders(0));
  private static final Act PAYMENTS =
      new Act(
          "Payments fail",
          "payments/charge",
          1120L,
          1204L,
          null,
          64,
          1820,
          new Requests(9, 9, 3),
          orders(2));

  private static Orders orders(long lost) {
    return new Orders(500, 120, 118, lost, 0, 1);
  }

  private static DemoReport report(List<String> problems, List<Act> acts) {
    return new DemoReport(
        problems,
        acts,
        new DemoReport.Machine(2, 1, "", ""),
        new DemoReport.Settings(50, 2, 1, ""));
  }

  @Test
  void everyActHasALine_ordersAreSummed_problemsAreTold() {
    assertThat(Summary.of(report(List.of("2 orders lost"), List.of(HEALTHY, PAYMENTS)), PLAIN))
        .containsExactly(
            "  ACT                           OPEN  OBEYED  CLOSED REACHED REFUSED  FAILED",
            "  Healthy                          ·       ·       ·       ·       ·       0",
            "  Payments fail                1.1 s   1.2 s       ·      64    1820       3",
            "",
            "  Orders                    1000 accepted, 240 parked, 236 replayed",
            "                            2 lost, 0 charged twice, 2 out of order",
            "",
            "  FAILED",
            "    2 orders lost");
  }

  @Test
  void aRunWithoutProblemsHasPassed() {
    assertThat(Summary.of(report(List.of(), List.of(HEALTHY)), PLAIN)).endsWith("  PASSED");
  }

  @Test
  void whatIsLostIsRed() {
    Style coloured = new Style(true, true);

    assertThat(String.join("\n", Summary.of(report(List.of(), List.of(PAYMENTS)), coloured)))
        .contains("\u001b[31m2 lost, \u001b[0m")
        .contains("\u001b[32m0 charged twice, \u001b[0m");
  }
}
