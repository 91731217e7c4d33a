package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.state.KnownPart;
import dev.switchgear.recovery.state.KnownQueue;
import dev.switchgear.recovery.state.PartStanding;
import dev.switchgear.schemas.QueueMode;
import dev.switchgear.schemas.QueueState;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** A queue summed over its partitions. */
final class QueueSum {

  private QueueSum() {}

  static QueueState of(String queue, KnownQueue known, long nowMillis) {
    List<PartStanding> parts =
        known.getParts().stream().map(KnownPart::getStanding).filter(Objects::nonNull).toList();
    PartStanding oldest =
        parts.stream()
            .filter(part -> part.getParked() > 0)
            .min(Comparator.comparingLong(PartStanding::getOldestParkedAtMillis))
            .orElse(null);
    long parked = parts.stream().mapToLong(PartStanding::getParked).sum();
    long done = parts.stream().mapToLong(PartStanding::getDone).sum();
    long quarantined = parts.stream().mapToLong(PartStanding::getQuarantined).sum();
    return QueueState.newBuilder()
        .setQueue(queue)
        .setMode(mode(parked, parts))
        .setBreaker(oldest == null ? "" : oldest.getBreaker())
        .setParked(parked)
        .setInFlight(parts.stream().mapToLong(PartStanding::getInFlight).sum())
        .setParkedTotal(parked + done + quarantined)
        .setDoneTotal(done)
        .setQuarantinedTotal(quarantined)
        .setOldestParkedAtMillis(oldest == null ? 0 : oldest.getOldestParkedAtMillis())
        .setReleasePerSecond(rate(parts))
        .setAtMillis(nowMillis)
        .build();
  }

  private static QueueMode mode(long parked, List<PartStanding> parts) {
    if (parked == 0) {
      return QueueMode.EMPTY;
    }
    if (parts.stream().anyMatch(PartStanding::getStopped)) {
      return QueueMode.STOPPED;
    }
    return rate(parts) > 0 ? QueueMode.REPLAYING : QueueMode.HOLDING;
  }

  private static double rate(List<PartStanding> parts) {
    return parts.stream().mapToDouble(PartStanding::getReleasePerSecond).sum();
  }
}
