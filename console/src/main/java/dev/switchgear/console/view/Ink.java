package dev.switchgear.console.view;

/** The few colours, each with one meaning. */
enum Ink {
  PLAIN(""),
  /** Titles. */
  BOLD("1"),
  /** Labels, and what is not worth a look. */
  FAINT("2"),
  /** Well. */
  GREEN("32"),
  /** On its way: probing, recovering, slow. */
  YELLOW("33"),
  /** Ill: open, failing, lost. */
  RED("31"),
  /** A person decided. */
  MAGENTA("35"),
  /** Work that waits and comes back. */
  CYAN("36");

  private final String code;

  Ink(String code) {
    this.code = code;
  }

  String paint(String text) {
    return code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
