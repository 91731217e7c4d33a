package dev.switchgear.ingest.outlet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Parcels that were sent together, until it is known what became of each. Thread-safe. */
final class Shipment {

  private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  private final AtomicInteger open;
  private volatile boolean lost;

  /**
   * A shipment on its way.
   *
   * @param parcels how many, at least one
   */
  Shipment(int parcels) {
    this.open = new AtomicInteger(parcels);
  }

  /** Completed once it is known what became of the last parcel. */
  CompletableFuture<Receipt> receipt() {
    return receipt;
  }

  /** Nothing of it is sent. */
  void refuse() {
    receipt.complete(Receipt.FULL);
  }

  /** Tells what became of one parcel. */
  void settle(boolean arrived) {
    if (!arrived) {
      lost = true;
    }
    if (open.decrementAndGet() == 0) {
      receipt.complete(lost ? Receipt.LOST : Receipt.ARRIVED);
    }
  }
}
