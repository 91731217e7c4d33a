package dev.switchgear.recovery.parking;

/** What is to be carried out, in the order given. */
public sealed interface Verdict {

  /** The item is new: keep it. */
  record Accepted(Item item) implements Verdict {}

  /** Keep the item as it is now, and send it to be done. */
  record Released(Item item) implements Verdict {}

  /** Keep the item as it is now. */
  record Kept(Item item) implements Verdict {}

  /** The item is done: end it. */
  record Done(Item item) implements Verdict {}

  /**
   * The item is given up: put it into quarantine and end it.
   *
   * @param cause why, where no outcome tells; else empty
   */
  record Quarantined(Item item, String cause) implements Verdict {}

  /** Nothing changes. */
  record Ignored(String itemId, String why) implements Verdict {}
}
