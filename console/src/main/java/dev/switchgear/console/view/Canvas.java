package dev.switchgear.console.view;

import java.util.List;

/**
 * Draws frames over each other where the cursor stands. Each frame is one write, and overwrites
 * instead of clearing, so that nothing flickers. The last frame stays when it is closed.
 */
public final class Canvas implements AutoCloseable {

  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String CLEAR_REST_OF_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String CLEAR_ALL = "\u001b[H\u001b[2J";

  private final Terminal terminal;
  private Terminal.Size size;
  private int drawn;

  /** Begins where the cursor is, and hides it. */
  public Canvas(Terminal terminal) {
    this.terminal = terminal;
    this.size = terminal.size();
    write(HIDE_CURSOR);
  }

  /** Rows that a frame may have: the cursor needs one. */
  public int rows() {
    return Math.max(1, terminal.size().rows() - 1);
  }

  /** Columns that a line may have. */
  public int columns() {
    return terminal.size().columns();
  }

  /** Lines beyond {@link #rows()} are left out; none may be wider than {@link #columns()}. */
  public void draw(List<String> lines) {
    StringBuilder frame = new StringBuilder(backToTop());
    List<String> shown = lines.subList(0, Math.min(lines.size(), rows()));
    shown.forEach(line -> frame.append(line).append(CLEAR_REST_OF_LINE).append('\n'));
    write(frame.append(CLEAR_BELOW).toString());
    drawn = shown.size();
  }

  /** After a change of size nobody knows where the lines went: start on an empty screen. */
  private String backToTop() {
    if (!terminal.size().equals(size)) {
      size = terminal.size();
      return CLEAR_ALL;
    }
    return drawn == 0 ? "" : "\u001b[" + drawn + "A\r";
  }

  @Override
  public void close() {
    terminal.restore();
  }

  private void write(String text) {
    terminal.out().print(text);
    terminal.out().flush();
  }
}
