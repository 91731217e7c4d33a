package dev.switchgear.console.view;

/**
 * One line made of cells. Counts what is visible, so that colours do not bend the columns, and cuts
 * what the window has no room for.
 */
final class Line {

  private final Style style;
  private final StringBuilder text = new StringBuilder();
  private int room;
  private int blanks;

  /**
   * @param width columns that may be used
   */
  Line(Style style, int width) {
    this.style = style;
    this.room = width;
  }

  /** Text at the left of a cell of the given width; cut if it is longer. */
  Line left(String value, int width, Ink ink) {
    String shown = fit(value, cell(width));
    put(style.paint(ink, shown), length(shown));
    return gap(width - length(shown));
  }

  /** Text at the right of a cell of the given width; cut if it is longer. */
  Line right(String value, int width, Ink ink) {
    int cell = cell(width);
    String shown = fit(value, cell);
    gap(cell - length(shown));
    put(style.paint(ink, shown), length(shown));
    return gap(width - cell);
  }

  Line bar(double share, int width, Ink ink) {
    int cell = cell(width);
    put(style.bar(share, cell, ink), cell);
    return gap(width - cell);
  }

  /** As much of a cell as there is room for. */
  private int cell(int width) {
    return Math.max(0, Math.min(width, room - blanks));
  }

  Line gap(int columns) {
    blanks += columns;
    return this;
  }

  /** The line without blanks at its end. */
  @Override
  public String toString() {
    return text.toString();
  }

  private void put(String painted, int visible) {
    if (visible > 0) {
      text.append(" ".repeat(blanks)).append(painted);
      room -= blanks + visible;
      blanks = 0;
    }
  }

  private String fit(String value, int limit) {
    String clean = clean(value);
    if (length(clean) <= limit) {
      return clean;
    }
    int mark = length(style.ellipsis());
    return limit < mark ? "" : start(clean, limit - mark) + style.ellipsis();
  }

  private static String start(String value, int length) {
    return value.substring(0, value.offsetByCodePoints(0, length));
  }

  /** Reasons come from Kafka: whatever could steer the terminal is not shown as it is. */
  static String clean(String value) {
    return value.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]", " ");
  }

  private static int length(String value) {
    return value.codePointCount(0, value.length());
  }
}
