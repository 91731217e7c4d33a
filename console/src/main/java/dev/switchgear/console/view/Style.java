package dev.switchgear.console.view;

/**
 * What the terminal can show.
 *
 * @param colour escape sequences for colours are understood and wanted
 * @param unicode characters beyond ASCII are shown
 */
public record Style(boolean colour, boolean unicode) {

  String paint(Ink ink, String text) {
    return colour ? ink.paint(text) : text;
  }

  String arrow() {
    return unicode ? "→" : "->";
  }

  String ellipsis() {
    return unicode ? "…" : "~";
  }

  String times() {
    return unicode ? "×" : "x";
  }

  String dot() {
    return unicode ? "·" : "-";
  }

  /** One horizontal bar, filled from the left; a share above nothing fills at least one cell. */
  String bar(double share, int width, Ink ink) {
    double bounded = Math.max(0, Math.min(1, share));
    int filled = (int) Math.floor(bounded * width);
    if (bounded > 0 && filled == 0) {
      filled = Math.min(1, width);
    }
    String full = (unicode ? "━" : "=").repeat(filled);
    String empty = (unicode ? "─" : "-").repeat(width - filled);
    return paint(ink, full) + paint(Ink.FAINT, empty);
  }
}
