package dev.switchgear.gamedays.load;

import java.util.ArrayList;
import java.util.List;

/** How the requests of one act were answered. Thread-safe. */
public final class Tally {

  /** Receipts kept; an act of minutes at the highest rate has less. Further ones are counted. */
  private static final int RECEIPTS_LIMIT = 500_000;

  private final String act;
  private final List<Receipt> receipts = new ArrayList<>();
  private long succeeded;
  private long degraded;
  private long failed;
  private long unsent;
  private long unrecorded;
  private long underWay;

  /** Counts for one act. */
  public Tally(String act) {
    this.act = act;
  }

  enum Answer {
    SUCCEEDED,
    DEGRADED,
    FAILED
  }

  synchronized void sent() {
    underWay++;
  }

  synchronized void notSent() {
    unsent++;
  }

  synchronized void answered(Answer answer) {
    underWay--;
    switch (answer) {
      case SUCCEEDED -> succeeded++;
      case DEGRADED -> degraded++;
      case FAILED -> failed++;
    }
  }

  synchronized void accepted(Receipt receipt) {
    if (receipts.size() < RECEIPTS_LIMIT) {
      receipts.add(receipt);
    } else {
      unrecorded++;
    }
  }

  /** Name of the act. */
  public String act() {
    return act;
  }

  /** Answered in full. */
  public synchronized long succeeded() {
    return succeeded;
  }

  /** Answered with less than was asked for. */
  public synchronized long degraded() {
    return degraded;
  }

  /** Answered with an error, or not at all. */
  public synchronized long failed() {
    return failed;
  }

  /** Arrivals that could not be sent because too many were under way already. */
  public synchronized long unsent() {
    return unsent;
  }

  /** Accepted orders beyond those in {@link #receipts}. */
  public synchronized long unrecorded() {
    return unrecorded;
  }

  /** Sent and not answered yet. */
  public synchronized long underWay() {
    return underWay;
  }

  /** The orders accepted so far. */
  public synchronized List<Receipt> receipts() {
    return List.copyOf(receipts);
  }
}
