package dev.switchgear.console.view;

import dev.switchgear.gamedays.drill.DemoSnapshot;
import dev.switchgear.gamedays.drill.DemoSnapshot.BreakerLine;
import dev.switchgear.gamedays.drill.DemoSnapshot.QueueLine;
import dev.switchgear.gamedays.drill.DemoSnapshot.ServiceLine;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Evidence;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a demo may tell a view. */
final class Scenes {

  private Scenes() {}

  static DemoSnapshot snapshot() {
    return new DemoSnapshot(
        Duration.ofSeconds(72),
        "Payments fail",
        List.of(
            new ServiceLine("checkout", 2, 149.96, 0, 31.4, ""),
            new ServiceLine("payments", 2, 0.4, 0.94, 1210, "errors 100 %"),
            new ServiceLine("search", 2, 0, 0, 0, "")),
        List.of(
            new BreakerLine("payments/charge", State.RECOVERING, 3, 2500, "48 of 51 calls failed"),
            new BreakerLine("search/query", State.CLOSED, 0, 10_000, "new")),
        new QueueLine(312, 20, 118, 430));
  }

  static BreakerTransition transition(String breaker, State from, State to, String reason) {
    return BreakerTransition.newBuilder()
        .setBreaker(breaker)
        .setEpoch(1)
        .setFrom(from)
        .setTo(to)
        .setAdmittedShare(0)
        .setAtMillis(1_000)
        .setReason(reason)
        .setEvidence(evidence())
        .build();
  }

  private static Evidence evidence() {
    return Evidence.newBuilder()
        .setFromMillis(0)
        .setToMillis(1_000)
        .setCalls(51)
        .setErrors(Map.of("500", 48L))
        .setLatencyNanos(
            Histogram.newBuilder().setScale(0).setOffset(0).setCounts(List.of()).build())
        .setBadByService(Map.of())
        .setCallsByService(Map.of())
        .setExemplars(List.of())
        .setInputs(List.of())
        .setSuspects(List.of())
        .setTest(SymptomTest.NONE)
        .build();
  }

  static Scene full() {
    Scene scene = new Scene();
    scene.headline("Payments fail", "Orders are accepted, parked and charged later.");
    scene.snapshot(snapshot());
    scene.add(new Scene.Notice(Duration.ofSeconds(4), "fault: payments answers 500"));
    scene.add(
        new Scene.Transition(
            Duration.ofSeconds(5),
            transition("payments/charge", State.CLOSED, State.OPEN, "48 of 51 calls failed")));
    return scene;
  }
}
