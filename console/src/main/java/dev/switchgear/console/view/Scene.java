package dev.switchgear.console.view;

import dev.switchgear.gamedays.drill.DemoSnapshot;
import dev.switchgear.schemas.BreakerTransition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the demo has told so far, as much of it as a window can show. Not thread-safe. */
final class Scene {

  /** More than any window has rows for. */
  private static final int EVENT_LIMIT = 200;

  private String title = "Starting";
  private String detail = "";
  private @Nullable DemoSnapshot snapshot;
  private final Deque<Event> events = new ArrayDeque<>();

  /** Something that happened, at a moment of the run. */
  sealed interface Event {
    Duration at();
  }

  record Transition(Duration at, BreakerTransition transition) implements Event {}

  record Notice(Duration at, String text) implements Event {}

  void headline(String newTitle, String newDetail) {
    title = Figures.title(newTitle);
    detail = newDetail;
  }

  void snapshot(DemoSnapshot newest) {
    snapshot = newest;
  }

  void add(Event event) {
    events.addLast(event);
    if (events.size() > EVENT_LIMIT) {
      events.removeFirst();
    }
  }

  String title() {
    return title;
  }

  String detail() {
    return detail;
  }

  @Nullable DemoSnapshot snapshot() {
    return snapshot;
  }

  /** The newest events, oldest of them first. */
  List<Event> newest(int count) {
    return events.stream().skip(Math.max(0, events.size() - count)).toList();
  }
}
