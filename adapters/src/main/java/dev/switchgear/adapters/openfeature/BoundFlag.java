package dev.switchgear.adapters.openfeature;

import dev.openfeature.sdk.ImmutableMetadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Reason;
import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Switchgear;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A flag and the breakers that it follows. What it answers is made beforehand. Thread-safe. */
final class BoundFlag<T> {

  private final DegradingFlag<T> flag;

  /** Its own breaker and those of its playbooks: what lets a user through is a call of theirs. */
  private final List<Followed> switches;

  private final List<Followed> followed;
  private final @Nullable ProviderEvaluation<T> normal;
  private volatile @Nullable Degraded<T> degraded;
  private String lastState;

  /** What is answered while one breaker refuses for one reason. */
  private record Degraded<T>(Refusal why, ProviderEvaluation<T> evaluation) {

    boolean isFor(Refusal other) {
      return other.epoch() == why.epoch()
          && other.reason().equals(why.reason())
          && other.breaker().equals(why.breaker());
    }
  }

  /**
   * Follows its breakers and its own.
   *
   * @param moved told by the evaluation that finds a breaker in another epoch
   */
  BoundFlag(DegradingFlag<T> flag, Switchgear gear, Runnable moved) {
    this.flag = flag;
    this.switches =
        Stream.concat(
                Stream.of(SwitchgearProvider.OFF_SWITCH + flag.key()),
                flag.playbooks().stream().map(SwitchgearProvider.PLAYBOOK::concat))
            .map(id -> new Followed(gear.guard(id), moved))
            .toList();
    this.followed =
        flag.breakers().stream().map(id -> new Followed(gear.guard(id), moved)).toList();
    this.normal = flag.normal() == null ? null : normal(flag, flag.normal());
    this.lastState = state();
  }

  String key() {
    return flag.key();
  }

  List<String> playbooks() {
    return flag.playbooks();
  }

  Class<T> type() {
    return flag.type();
  }

  /** The normal answer; null where another provider gives it. */
  @Nullable ProviderEvaluation<T> normal() {
    return normal;
  }

  /** The degraded answer, if this user gets that. */
  @Nullable ProviderEvaluation<T> degraded(@Nullable String targetingKey) {
    for (Followed each : switches) {
      Admission admission = each.admit(targetingKey);
      if (admission instanceof Refusal off) {
        return because(off);
      }
      ((Permit) admission).success(0);
    }
    for (Followed each : followed) {
      Refusal refusal = each.refuse(targetingKey);
      if (refusal != null) {
        return because(refusal);
      }
    }
    return null;
  }

  /** Whether a breaker has moved since this was asked last. By one thread at a time. */
  boolean hasMoved() {
    String now = state();
    boolean moved = !now.equals(lastState);
    lastState = now;
    return moved;
  }

  private String state() {
    return Stream.concat(switches.stream(), followed.stream())
        .map(Followed::state)
        .collect(Collectors.joining("\n"));
  }

  private ProviderEvaluation<T> because(Refusal why) {
    Degraded<T> known = degraded;
    if (known == null || !known.isFor(why)) {
      known = new Degraded<>(why, degraded(flag, why));
      degraded = known;
    }
    return known.evaluation();
  }

  private static <T> ProviderEvaluation<T> normal(DegradingFlag<T> flag, T value) {
    return ProviderEvaluation.<T>builder()
        .value(value)
        .variant(flag.normalVariant())
        .reason(Reason.DEFAULT.name())
        .build();
  }

  private static <T> ProviderEvaluation<T> degraded(DegradingFlag<T> flag, Refusal why) {
    return ProviderEvaluation.<T>builder()
        .value(flag.degraded())
        .variant(flag.degradedVariant())
        .reason(SwitchgearProvider.DEGRADED)
        .flagMetadata(
            ImmutableMetadata.builder()
                .addString("switchgear.breaker", why.breaker())
                .addLong("switchgear.epoch", why.epoch())
                .addString("switchgear.reason", why.reason())
                .build())
        .build();
  }
}
