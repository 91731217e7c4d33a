package dev.switchgear.gamedays.drill;

/** One part of a game day. */
interface Act {

  String title();

  /** What is to be seen, in a sentence. */
  String detail();

  /** Plays it to its end, within bounds. */
  Timings play(Stage stage) throws InterruptedException;
}
