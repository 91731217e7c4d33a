package dev.switchgear.detector;

import static dev.switchgear.detector.DetectorTopology.SYMPTOMS;

import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.HeldClosed;
import dev.switchgear.breaker.Shadow;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.Transition;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The symptoms that are felt in one partition: tells when one begins and when it is over. One
 * thread uses it.
 */
final class FeltSymptoms {

  /** Enough to know whom to call; who else suffers is among the evidence of the transition. */
  private static final int MOST_CALLERS = 16;

  private final ProcessorContext<Object, Object> context;
  private final WriteBehindStore<SymptomState> store;
  private final PublishedSymptoms everywhere;
  private final Map<String, SymptomState> felt = new HashMap<>();
  private Map<String, SymptomState> related = Map.of();

  FeltSymptoms(
      ProcessorContext<Object, Object> context,
      WriteBehindStore<SymptomState> store,
      PublishedSymptoms everywhere) {
    this.context = context;
    this.store = store;
    this.everywhere = everywhere;
  }

  /**
   * Goes on where the partition was left.
   *
   * @param published what is known to be felt, should the store have been lost
   */
  void wake(List<SymptomState> published) {
    felt.clear();
    store.forEachKept(felt::put);
    for (SymptomState each : published) {
      String key = key(each.getBreaker(), each.getKind());
      if (felt.putIfAbsent(key, each) == null) {
        store.changed(key, () -> each);
      }
    }
  }

  /** Of calls nothing is felt any longer, but where a breaker is ill still. */
  void endOfCalls(List<Judged> breakers, long nowMillis) {
    Set<String> ill = new HashSet<>();
    for (Judged each : breakers) {
      if (!isOver(each.breaker().state())) {
        ill.add(each.breaker().id());
      }
    }
    for (SymptomState each : all()) {
      boolean ofCalls =
          each.getKind() == SymptomKind.ERRORS || each.getKind() == SymptomKind.SLOWNESS;
      if (ofCalls && !ill.contains(each.getBreaker())) {
        ended(each.getBreaker(), each.getKind(), nowMillis, nowMillis);
      }
    }
  }

  /** All of them; a copy. */
  List<SymptomState> all() {
    return List.copyOf(felt.values());
  }

  /** Of one kind, by its key on the topic; null where it is not felt. */
  @Nullable SymptomState felt(String breaker, SymptomKind kind) {
    return felt.get(key(breaker, kind));
  }

  /** A symptom is proven; felt already, it is no news. */
  void began(SymptomState symptom) {
    String key = key(symptom.getBreaker(), symptom.getKind());
    if (felt.putIfAbsent(key, symptom) == null) {
      store.changed(key, () -> symptom);
      tell(key, symptom, symptom.getSeenAtMillis());
    }
  }

  /** Whether anything has begun or ended anywhere that these may follow from. */
  boolean haveNews() {
    return !felt.isEmpty() && related != everywhere.felt();
  }

  /** Tells of those that turn out to follow from another. That other may be over before them. */
  void relate(long nowMillis) {
    if (haveNews()) {
      related = everywhere.felt();
      Roots roots = new Roots(related);
      felt.replaceAll((key, symptom) -> related(key, symptom, roots, nowMillis));
    }
  }

  private SymptomState related(String key, SymptomState symptom, Roots roots, long nowMillis) {
    String known = symptom.getDownstreamOf();
    Optional<String> root = roots.rootOf(symptom);
    if (root.isEmpty() || root.get().equals(known)) {
      return symptom;
    }
    SymptomState now = copy(symptom).setDownstreamOf(root.get()).build();
    store.changed(key, () -> now);
    tell(key, now, nowMillis);
    return now;
  }

  /** It is over, if it was felt. */
  void ended(String breaker, SymptomKind kind, long untilMillis, long nowMillis) {
    String key = key(breaker, kind);
    SymptomState was = felt.remove(key);
    if (was != null) {
      store.removed(key);
      long until = Math.max(was.getSinceMillis() + 1, untilMillis);
      tell(key, copy(was).setUntilMillis(until).build(), nowMillis);
    }
  }

  /** A breaker has moved: it opened for a symptom, or what it had opened for is over. */
  void moved(String breaker, Transition change) {
    change
        .symptom()
        .filter(symptom -> isOfCalls(symptom.kind()))
        .ifPresent(symptom -> began(ofCalls(breaker, change, symptom)));
    if (isOver(change.to())) {
      ended(breaker, SymptomKind.ERRORS, change.atMillis(), change.atMillis());
      ended(breaker, SymptomKind.SLOWNESS, change.atMillis(), change.atMillis());
    }
  }

  private void tell(String key, SymptomState symptom, long atMillis) {
    context.forward(new Record<>(key, symptom, Math.max(0, atMillis)), SYMPTOMS);
  }

  private static String key(String breaker, SymptomKind kind) {
    return breaker + "/" + kind;
  }

  private static boolean isOfCalls(Symptom.Kind kind) {
    return kind == Symptom.Kind.ERRORS || kind == Symptom.Kind.SLOWNESS;
  }

  /** Whether calls pass and none is known to fare ill, or nobody looks any longer. */
  private static boolean isOver(State state) {
    State judged = state instanceof Shadow shadow ? shadow.judged() : state;
    return judged instanceof Closed || judged instanceof HeldClosed;
  }

  private static SymptomState ofCalls(String breaker, Transition change, Symptom symptom) {
    boolean began = symptom.test() instanceof Symptom.Excess;
    return SymptomState.newBuilder()
        .setBreaker(breaker)
        .setKind(Bulletin.kind(symptom.kind()))
        .setSinceMillis(began ? ((Symptom.Excess) symptom.test()).sinceMillis() : change.atMillis())
        .setSeenAtMillis(change.atMillis())
        .setMeasure(symptom.kind() == Symptom.Kind.ERRORS ? "error_share" : "slow_share")
        .setValue(symptom.bad() / (double) Math.max(1, symptom.calls()))
        .setUsual(symptom.acceptedShare())
        .setStrength(symptom.strength())
        .setStrengthWanted(symptom.strengthWanted())
        .setReason(symptom.describe())
        .setCallers(sufferers(change.details().badByService()))
        .build();
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private static SymptomState.Builder copy(SymptomState felt) {
    return SymptomState.newBuilder()
        .setBreaker(felt.getBreaker())
        .setKind(felt.getKind())
        .setSinceMillis(felt.getSinceMillis())
        .setSeenAtMillis(felt.getSeenAtMillis())
        .setUntilMillis(felt.getUntilMillis())
        .setMeasure(felt.getMeasure())
        .setValue(felt.getValue())
        .setUsual(felt.getUsual())
        .setStrength(felt.getStrength())
        .setStrengthWanted(felt.getStrengthWanted())
        .setReason(felt.getReason())
        .setCallers(felt.getCallers())
        .setRisePerSecond(felt.getRisePerSecond())
        .setSecondsToFull(felt.getSecondsToFull())
        .setDownstreamOf(felt.getDownstreamOf());
  }

  private static List<String> sufferers(Map<String, Long> badByService) {
    return badByService.entrySet().stream()
        .filter(each -> each.getValue() > 0 && !each.getKey().equals(Names.OTHERS))
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_CALLERS)
        .map(Map.Entry::getKey)
        .toList();
  }
}
