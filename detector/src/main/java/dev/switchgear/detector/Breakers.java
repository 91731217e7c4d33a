package dev.switchgear.detector;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Shadow;
import dev.switchgear.breaker.Transition;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The breakers of one partition. One that the store does not hold goes on from its published state;
 * one that was never published begins closed. One thread uses it.
 */
final class Breakers {

  /**
   * Breakers of one partition at most: 40,000 of the fleet, four times what a guard obeys. At some
   * kilobytes each that is tens of megabytes. More are names made of requests or users.
   */
  static final int MOST = 10_000;

  /**
   * A closed breaker that nobody calls for a day is forgotten here. Its published state stays, and
   * is where it goes on from should anybody call it again.
   */
  private static final long RETIRED_AFTER_MILLIS = Duration.ofDays(1).toMillis();

  /** An instance that has not called for so long has mostly been replaced. */
  private static final long INSTANCE_RETIRED_AFTER_MILLIS = Duration.ofMinutes(10).toMillis();

  /** One that is well and has been silent for so long gives its place to another that calls. */
  private static final long INSTANCE_SILENT_MILLIS = Duration.ofMinutes(1).toMillis();

  /** Above so many, parts have no breakers of their own: those of whole dependencies come first. */
  private static final int MOST_WITH_PARTS = MOST / 2;

  private final WriteBehindStore<KeptBreaker> store;
  private final RunningPolicies policies;
  private final PublishedStates published;
  private final Bulletin bulletin;
  private final Map<String, Judged> live = new HashMap<>();

  /** The ids of live parts, by whole. */
  private final Map<String, Set<String>> parts = new HashMap<>();

  private final Set<Judged> timed = new LinkedHashSet<>();
  private PolicyBook followed;

  Breakers(
      WriteBehindStore<KeptBreaker> store,
      RunningPolicies policies,
      PublishedStates published,
      Bulletin bulletin) {
    this.store = store;
    this.policies = policies;
    this.followed = policies.book();
    this.published = published;
    this.bulletin = bulletin;
  }

  /**
   * Goes on where the partition was left: with all that is kept, and with what was published in
   * another state than closed and is not kept, because its deadlines come whether anybody calls or
   * not.
   */
  void wake(int partition, int partitions, long nowMillis) {
    live.clear();
    parts.clear();
    timed.clear();
    followed = policies.book();
    store.forEachKept((id, kept) -> enlist(id, restored(id, kept, nowMillis)));
    live.keySet().stream()
        .filter(id -> BreakerId.partition(id, partitions) != partition)
        .toList()
        .forEach(this::forget);
    for (BreakerState state : published.ofPartition(partition, partitions)) {
      if (state.getState() != State.CLOSED && !live.containsKey(state.getBreaker())) {
        adopt(state, nowMillis);
      }
    }
    all().forEach(this::noteTimer);
    all().forEach(each -> follow(each, nowMillis));
  }

  /**
   * Where the policies are others than at the last look, every breaker goes by them from now on.
   */
  void followPolicies(long nowMillis) {
    if (havePolicyNews()) {
      followed = policies.book();
      all().forEach(each -> follow(each, nowMillis));
    }
  }

  /** Whether the policies are others than at the last look. */
  boolean havePolicyNews() {
    return policies.book() != followed;
  }

  /** The breaker, if there is or was one. */
  Optional<Judged> known(String id, long nowMillis) {
    Judged known = live.get(id);
    return known != null
        ? Optional.of(known)
        : published.state(id).map(state -> adoptAndFollow(state, nowMillis));
  }

  /** The breaker, a new one if need be; null if there are too many. */
  @Nullable Judged knownOrNew(String id, long nowMillis) {
    Judged known = live.get(id);
    if (known != null || live.size() >= MOST) {
      return known;
    }
    return known(id, nowMillis).orElseGet(() -> begin(id, nowMillis));
  }

  /**
   * The breaker of a part of another's calls, a new one if need be; empty if there are too many.
   */
  Optional<Judged> partOf(Judged whole, Scope scope, String id, long nowMillis) {
    if (live.containsKey(id)) {
      return known(id, nowMillis);
    }
    if (whole.isFull(scope)) {
      return Optional.empty();
    }
    if (live.size() >= MOST_WITH_PARTS || !hasRoom(whole.breaker().id(), scope, nowMillis)) {
      whole.hasNoRoomFor(scope);
      return Optional.empty();
    }
    return Optional.ofNullable(knownOrNew(id, nowMillis));
  }

  private boolean hasRoom(String whole, Scope scope, long nowMillis) {
    List<Judged> known =
        parts.getOrDefault(whole, Set.of()).stream()
            .filter(id -> Parts.scope(id) == scope)
            .flatMap(id -> Optional.ofNullable(live.get(id)).stream())
            .toList();
    return known.size() < Parts.MOST || (scope == Scope.INSTANCE && makeRoom(known, nowMillis));
  }

  /** Forgets the one that has been silent for longest, if that is long. */
  private boolean makeRoom(List<Judged> instances, long nowMillis) {
    Optional<Judged> silent =
        instances.stream()
            .filter(each -> !each.breaker().hasTimer())
            .filter(each -> nowMillis - each.heardMillis() > INSTANCE_SILENT_MILLIS)
            .min(Comparator.comparingLong(Judged::heardMillis));
    silent.ifPresent(each -> forget(each.breaker().id()));
    return silent.isPresent();
  }

  /** All that are judged at present; a copy. */
  List<Judged> all() {
    return new ArrayList<>(live.values());
  }

  /** Those that time alone may change; a copy. */
  List<Judged> withTimer() {
    return new ArrayList<>(timed);
  }

  /** Whether time alone may change any. */
  boolean haveTimer() {
    return !timed.isEmpty();
  }

  /** Whatever was done to the breaker is to be kept. */
  void changed(Judged judged) {
    if (judged.marked()) {
      store.changed(judged.breaker().id(), () -> Keeping.kept(judged));
    }
    noteTimer(judged);
  }

  /** The breaker has changed its state. */
  void moved(Judged judged, Optional<Transition> transition) {
    transition.ifPresent(
        change -> {
          bulletin.moved(judged, change);
          changed(judged);
        });
  }

  /**
   * Forgets a breaker that is closed and that nobody calls. That of an instance which is gone is
   * closed first: it would wait for its probes for ever.
   */
  void retireIfIdle(Judged judged, long nowMillis) {
    Breaker breaker = judged.breaker();
    boolean instance = BreakerId.isInstance(breaker.id());
    long after = instance ? INSTANCE_RETIRED_AFTER_MILLIS : RETIRED_AFTER_MILLIS;
    if (nowMillis - judged.heardMillis() > after) {
      if (instance) {
        moved(judged, breaker.abandon(nowMillis));
      }
      if (!breaker.hasTimer()) {
        forget(breaker.id());
      }
    }
  }

  private void enlist(String id, Judged judged) {
    live.put(id, judged);
    if (BreakerId.isPart(id)) {
      parts.computeIfAbsent(BreakerId.whole(id), unseen -> new HashSet<>()).add(id);
    }
  }

  private void forget(String id) {
    live.remove(id);
    parts.computeIfPresent(
        BreakerId.whole(id),
        (whole, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
    store.removed(id);
  }

  /** The known breaker that a person probably meant. */
  Optional<String> nearest(String id) {
    Set<String> known = new HashSet<>(published.breakers());
    known.addAll(live.keySet());
    return NearestName.of(id, known);
  }

  /** As it was kept, unless something newer was published: an epoch never goes back. */
  private Judged restored(String id, KeptBreaker kept, long nowMillis) {
    BreakerPolicy policy = policies.book().policyOf(id);
    return published
        .state(id)
        .filter(state -> state.getEpoch() > kept.getEpoch())
        .map(state -> Adoption.adopted(state, policy, nowMillis))
        .orElseGet(() -> Keeping.restored(id, kept, policy));
  }

  private void noteTimer(Judged judged) {
    boolean hasTimer = judged.breaker().hasTimer();
    if (judged.isTimed() != hasTimer) {
      judged.timed(hasTimer);
      var unused = hasTimer ? timed.add(judged) : timed.remove(judged);
    }
  }

  private Judged adoptAndFollow(BreakerState state, long nowMillis) {
    Judged judged = adopt(state, nowMillis);
    follow(judged, nowMillis);
    return judged;
  }

  private Judged adopt(BreakerState state, long nowMillis) {
    String id = state.getBreaker();
    Judged judged = Adoption.adopted(state, policies.book().policyOf(id), nowMillis);
    enlist(id, judged);
    changed(judged);
    return judged;
  }

  private Judged begin(String id, long nowMillis) {
    Breaker breaker = new Breaker(id, policies.book().policyOf(id), nowMillis);
    Judged judged = new Judged(breaker, "first seen", List.of(), null, nowMillis);
    enlist(id, judged);
    if (judged.isTold()) {
      bulletin.state(judged, nowMillis);
    }
    changed(judged);
    return judged;
  }

  /**
   * From now on the policy of today holds, and everybody is told. An instance that nobody was told
   * of begins anew rather than to tell that it is watched or enforced now.
   */
  private void follow(Judged judged, long nowMillis) {
    Breaker breaker = judged.breaker();
    BreakerPolicy before = breaker.policy();
    BreakerPolicy today = policies.book().policyOf(breaker.id());
    if (!judged.isTold() && today.enforced() == breaker.state() instanceof Shadow) {
      forget(breaker.id());
      return;
    }
    Optional<Transition> transition = breaker.adopt(today, nowMillis);
    moved(judged, transition);
    boolean news = !today.equals(before) || isUntold(breaker);
    if (transition.isEmpty() && news && judged.isTold()) {
      bulletin.state(judged, nowMillis);
      changed(judged);
    }
  }

  /** Whether what is published was decided by another version of the policy. */
  private boolean isUntold(Breaker breaker) {
    return published
        .state(breaker.id())
        .filter(state -> state.getPolicyVersion() != breaker.policy().version())
        .isPresent();
  }
}
