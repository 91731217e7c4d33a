package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Outlet;
import dev.switchgear.ingest.outlet.Parcel;
import dev.switchgear.ingest.outlet.Receipt;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the three exporters do alike. Thread-safe. */
final class Exporting {

  private final Outlet outlet;
  private volatile boolean shutDown;

  Exporting(Outlet outlet) {
    this.outlet = outlet;
  }

  /**
   * Sends a batch.
   *
   * @param recording makes an item's record; when it throws, that item is dropped and the others go
   *     on
   * @return success if every record arrived
   */
  <T> CompletableResultCode export(Collection<T> batch, Function<T, Parcel> recording) {
    if (shutDown) {
      outlet.drop(batch.size(), new IllegalStateException("The exporter is shut down"));
      return CompletableResultCode.ofFailure();
    }
    List<Parcel> parcels = new ArrayList<>(batch.size());
    boolean complete = true;
    for (T item : batch) {
      try {
        parcels.add(recording.apply(item));
      } catch (RuntimeException e) {
        outlet.drop(1, e);
        complete = false;
      }
    }
    return send(parcels, complete);
  }

  CompletableResultCode flush() {
    return resultOf(outlet.flush());
  }

  /** The outlet stays: others export through it, too. */
  CompletableResultCode shutDown() {
    shutDown = true;
    return flush();
  }

  private CompletableResultCode send(List<Parcel> parcels, boolean complete) {
    return resultOf(
        outlet.send(parcels).thenApply(receipt -> complete && receipt == Receipt.ARRIVED));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The result is told.
  private static CompletableResultCode resultOf(CompletableFuture<Boolean> success) {
    CompletableResultCode result = new CompletableResultCode();
    success.whenComplete(
        (succeeded, failure) -> {
          if (failure == null && succeeded) {
            result.succeed();
          } else {
            result.fail();
          }
        });
    return result;
  }
}
