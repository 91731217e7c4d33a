package dev.switchgear.gamedays.drill;

import dev.switchgear.gamedays.drill.DemoReport.Machine;
import dev.switchgear.gamedays.drill.DemoReport.Requests;
import dev.switchgear.gamedays.drill.DemoReport.Settings;
import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.gamedays.load.Tally;
import dev.switchgear.gamedays.shop.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/**
 * One game day over the demo shop.
 *
 * <p>The shop opens and its customers come when the first run begins; they stay, in good health,
 * until {@link #close}.
 */
public final class Demo implements AutoCloseable {

  private static final Duration LEAD = Duration.ofSeconds(2);
  private static final Duration DWELL = Duration.ofSeconds(3);

  /**
   * More than the slowness that the default policy accepts, also where a busy machine took a third
   * of it when all was well; less than callers wait.
   */
  private static final Fault SLOW = new Fault.Latency(Duration.ofMillis(1_100));

  private static final Fault FAILING = new Fault.Errors(1);

  private static final List<Act> ACTS =
      List.of(
          new Healthy(Duration.ofSeconds(8)),
          new Outage(
              "payments slow",
              "Payments slows down, then fails altogether. Orders are accepted and charged later.",
              Service.PAYMENTS,
              SLOW,
              FAILING,
              LEAD,
              DWELL),
          new Outage(
              "payments down",
              "Payments is gone at once. Orders are accepted and charged later.",
              Service.PAYMENTS,
              new Fault.RefuseConnections(),
              null,
              LEAD,
              DWELL),
          new Outage(
              "recommendations down",
              "Recommendations fails. The home page shows what is popular.",
              Service.RECOMMENDATIONS,
              FAILING,
              null,
              LEAD,
              DWELL),
          new Outage(
              "search down",
              "Search hangs. The search page offers categories to browse.",
              Service.SEARCH,
              new Fault.Hang(),
              null,
              LEAD,
              DWELL));

  private final DemoSettings settings;
  private final DemoView view;
  private final List<Act> acts;
  private final Bounds bounds;
  private @Nullable Scene scene;

  /** A demo that has not begun. */
  public Demo(DemoSettings settings, DemoView view) {
    this(settings, view, ACTS, Bounds.DEFAULT);
  }

  Demo(DemoSettings settings, DemoView view, List<Act> acts, Bounds bounds) {
    this.settings = settings;
    this.view = new SerialView(view);
    this.acts = acts;
    this.bounds = bounds;
  }

  /**
   * One pass over all acts. What ends by its bound is a problem in the report, and the run goes on.
   *
   * @throws InterruptedException if the thread is interrupted; {@link #close} as always
   */
  public DemoReport run() throws InterruptedException {
    Scene open = open();
    Stage stage = new Stage(open.shop(), open.watch(), view, bounds);
    List<Played> played = new ArrayList<>();
    if (open.awaitReady(bounds.ready())) {
      play(open, stage, played);
      judge(open, stage, played);
    } else {
      stage.problem(
          "Switchgear's state could not be read from "
              + settings.bootstrapServers()
              + " within "
              + bounds.ready().toSeconds()
              + " s (is Kafka reachable, and were the topics created?)");
    }
    return report(open, stage, played);
  }

  /** Sends the customers home and closes the shop. */
  @Override
  public synchronized void close() {
    if (scene != null) {
      scene.close();
      scene = null;
    }
  }

  private synchronized Scene open() {
    if (scene == null) {
      scene = Scene.open(settings, view);
    }
    return scene;
  }

  /** An act and what it measured and counted. */
  private record Played(Timings timings, Tally tally) {}

  private void play(Scene open, Stage stage, List<Played> played) throws InterruptedException {
    for (Act act : acts) {
      Tally tally = new Tally(act.title());
      open.countInto(tally);
      settleLast(stage, played);
      stage.begin(act);
      played.add(new Played(act.play(stage), tally));
    }
    open.countInto(new Tally("afterwards"));
    settleLast(stage, played);
  }

  /** An act's last requests are answered while the next act begins. */
  private static void settleLast(Stage stage, List<Played> played) throws InterruptedException {
    if (!played.isEmpty()) {
      stage.awaitSettled(played.get(played.size() - 1).tally());
    }
  }

  private void judge(Scene open, Stage stage, List<Played> played) {
    OrderCheck check = new OrderCheck(open.shop().book().entries());
    played.forEach(each -> stage.judge(each.tally(), check.count(each.tally().receipts())));
    played.stream()
        .map(each -> each.timings().breaker())
        .filter(Objects::nonNull)
        .distinct()
        .forEach(stage::judgeEnd);
  }

  private DemoReport report(Scene open, Stage stage, List<Played> played) {
    OrderCheck check = new OrderCheck(open.shop().book().entries());
    return new DemoReport(
        stage.problems(),
        played.stream().map(each -> act(each.timings(), each.tally(), check)).toList(),
        Machine.present(),
        new Settings(
            settings.ratePerSecond(),
            settings.instances(),
            settings.seed(),
            AppInfoParser.getVersion()));
  }

  private static DemoReport.Act act(Timings timings, Tally tally, OrderCheck check) {
    return new DemoReport.Act(
        tally.act(),
        timings.breaker(),
        millis(timings.faultToOpen()),
        millis(timings.faultToObeyed()),
        millis(timings.healToClosed()),
        timings.callsReached(),
        timings.callsRefused(),
        new Requests(tally.succeeded(), tally.degraded(), tally.failed()),
        check.count(tally.receipts()));
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
