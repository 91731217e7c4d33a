package dev.switchgear.detector;

import dev.switchgear.breaker.policy.Quota;
import dev.switchgear.breaker.quota.Demand;
import dev.switchgear.breaker.quota.Handout;
import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Demand and shares as they are on Kafka, and back. */
final class QuotaRecords {

  /** Of one record: twice what a policy may name, because policies change. */
  private static final int MOST_TIERS = 2 * Quota.MOST_TIERS;

  private QuotaRecords() {}

  /** Refuses what cannot be true. */
  static void check(@Nullable String key, QuotaDemand demand) {
    if (!demand.getLimit().equals(key)) {
      throw Names.bad("limit", demand.getLimit(), "the key of the record, " + key);
    }
    Names.check("limit", demand.getLimit());
    Names.check("instance", demand.getInstance());
    int tiers = Math.max(demand.getAdmitted().size(), demand.getRefused().size());
    if (tiers > MOST_TIERS) {
      throw Names.bad("tiers", tiers, "at most " + MOST_TIERS);
    }
  }

  static Demand demand(QuotaDemand demand) {
    Map<String, Long> wanted = new HashMap<>(demand.getAdmitted());
    demand.getRefused().forEach((tier, calls) -> wanted.merge(tier, calls, Long::sum));
    try {
      return new Demand(
          demand.getInstance(), wanted, demand.getIntervalMillis(), demand.getLeaving());
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  static QuotaState state(String name, Handout handout, long policyVersion) {
    List<QuotaShare> shares =
        handout.parts().entrySet().stream()
            .map(part -> share(part.getKey(), part.getValue()))
            .toList();
    return QuotaState.newBuilder()
        .setLimit(name)
        .setEpoch(handout.epoch())
        .setCalls(handout.quota().calls())
        .setPeriodMillis(handout.quota().per().toMillis())
        .setGuaranteed(handout.quota().guaranteed())
        .setLeaseMillis((int) handout.lease().toMillis())
        .setShares(shares)
        .setStart(handout.start())
        .setPolicyVersion(policyVersion)
        .setAtMillis(handout.atMillis())
        .build();
  }

  static Handout handout(QuotaState state) {
    Map<String, Handout.Part> parts = new HashMap<>();
    for (QuotaShare share : state.getShares()) {
      parts.put(share.getInstance(), new Handout.Part(share.getShares(), share.getWanted()));
    }
    Duration per = Duration.ofMillis(state.getPeriodMillis());
    return new Handout(
        state.getEpoch(),
        new Quota(state.getCalls(), per, state.getGuaranteed()),
        Duration.ofMillis(state.getLeaseMillis()),
        state.getAtMillis(),
        parts,
        state.getStart());
  }

  private static QuotaShare share(String instance, Handout.Part part) {
    return new QuotaShare(instance, part.shares(), part.wanted());
  }
}
