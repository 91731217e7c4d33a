package dev.switchgear.console;

import dev.switchgear.console.view.Canvas;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Shows the newest records of a topic until Ctrl-C. On a terminal a table is redrawn; elsewhere,
 * and for programs, what is known and then each change is a line of its own.
 */
final class Watch<V extends SpecificRecord> {

  /** What is shown of a topic. */
  interface View<V> {

    /** Which of all records, in which order. */
    Collection<V> shown(List<V> all);

    /**
     * The records that are shown.
     *
     * @param width columns that a line may have
     */
    List<String> table(Collection<V> shown, int width);

    /** A record that is new or has changed; null if it is of no concern. */
    @Nullable String line(V record);

    /**
     * That a key has no record any more; null if it is of no concern, as on a topic where what is
     * over has a record that says so.
     */
    default @Nullable String end(String key) {
      return null;
    }
  }

  /** Ages are shown in seconds. */
  private static final Duration REDRAW = Duration.ofSeconds(1);

  private final Shell shell;
  private final NewestRecords<V> records;
  private final View<V> view;

  Watch(Shell shell, NewestRecords<V> records, View<V> view) {
    this.shell = shell;
    this.records = records;
    this.view = view;
  }

  /**
   * Returns after Ctrl-C.
   *
   * @param redrawn whether a terminal, if there is one, shows a table
   */
  void stay(boolean redrawn) {
    try {
      if (redrawn && shell.terminal().interactive()) {
        redraw();
      } else {
        tell();
      }
    } catch (InterruptedException e) {
      shell.out().flush();
    }
  }

  private void redraw() throws InterruptedException {
    try (Canvas canvas = new Canvas(shell.terminal())) {
      while (!Thread.interrupted()) {
        canvas.draw(view.table(view.shown(records.all()), canvas.columns()));
        records.awaitChange(REDRAW);
      }
    }
  }

  private void tell() throws InterruptedException {
    records.follow(
        all -> view.shown(all).forEach(record -> say(view.line(record))),
        record -> say(view.line(record)),
        key -> say(view.end(key)));
    new CountDownLatch(1).await();
  }

  private void say(@Nullable String line) {
    if (line != null) {
      shell.say(line);
    }
  }
}
