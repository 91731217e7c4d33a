package dev.switchgear.console.view;

import dev.switchgear.gamedays.drill.DemoView;
import java.time.InstantSource;

/** Shows the demo until it is closed; then the terminal is as it was. */
public interface DemoScreen extends DemoView, AutoCloseable {

  /**
   * The one that fits the terminal.
   *
   * @param subtitle what else to show in the title
   */
  static DemoScreen on(Terminal terminal, String subtitle) {
    return terminal.interactive()
        ? new LiveView(terminal, subtitle, InstantSource.system())
        : new PlainView(terminal.out(), terminal.style(), InstantSource.system());
  }

  /** What is told later is not shown. A second call does nothing. */
  @Override
  void close();
}
