package dev.switchgear.ingest.gateway;

import dev.switchgear.ingest.outlet.Parcel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What has been read of one request: records, and how many could not be made. */
final class Intake {

  /**
   * Records of one request. An empty one takes two bytes in a request and a hundred as a record: at
   * the default limit of 4 MiB a request of nothing else would become 200 MB.
   */
  static final int LIMIT = 50_000;

  private final List<Parcel> parcels = new ArrayList<>();
  private int rejected;
  private @Nullable String reason;

  /** Adds a record; one that cannot be made is rejected, and the others go on. */
  void take(Supplier<Parcel> record) {
    if (parcels.size() + rejected == LIMIT) {
      throw new RequestException(
          Refusal.TOO_LARGE, "records: more than " + LIMIT + " (expected: at most that)");
    }
    try {
      parcels.add(record.get());
    } catch (RuntimeException e) {
      rejected++;
      reason = reason == null ? String.valueOf(e.getMessage()) : reason;
    }
  }

  List<Parcel> parcels() {
    return parcels;
  }

  int rejected() {
    return rejected;
  }

  /** Why the first was rejected; empty if none was. */
  String reason() {
    return reason == null ? "" : reason;
  }
}
