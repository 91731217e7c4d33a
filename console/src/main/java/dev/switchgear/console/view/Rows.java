package dev.switchgear.console.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lines of a table whose rows begin with a name, in a column as wide as names need, and may end
 * with a reason, which has a line of its own where a window is too narrow.
 */
final class Rows {

  private static final int NARROWEST_NAME = 12;
  private static final int WIDEST_NAME = 44;

  /** From here on a reason has room beside the rest. */
  private static final int ROOMY = 120;

  private final List<String> lines = new ArrayList<>();
  private final Style style;
  private final int width;
  private final int name;

  /**
   * None yet.
   *
   * @param width columns that a line may have
   */
  Rows(Stream<String> names, Style style, int width) {
    this.style = style;
    this.width = width;
    int longest = names.mapToInt(String::length).max().orElse(0);
    this.name = 2 + Math.max(NARROWEST_NAME, Math.min(WIDEST_NAME, longest));
  }

  /** A line with its first cell. */
  Line begin(String named, Ink ink) {
    return new Line(style, width).left(named, name, ink);
  }

  void add(Line row) {
    lines.add(row.toString());
  }

  void addHeader(Line header) {
    add(isRoomy() ? header.gap(2).left("REASON", width, Ink.FAINT) : header);
  }

  void add(Line row, String reason) {
    if (isRoomy()) {
      add(row.gap(2).left(reason, width, Ink.PLAIN));
    } else {
      add(row);
      add(new Line(style, width).gap(2).left(reason, width, Ink.FAINT));
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  private boolean isRoomy() {
    return width >= ROOMY;
  }
}
