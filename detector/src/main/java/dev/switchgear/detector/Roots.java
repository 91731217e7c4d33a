package dev.switchgear.detector;

import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.SymptomState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which symptom follows from which. A service that suffers from a dependency makes its own callers
 * suffer: so what is felt of that service is downstream of what is felt of the dependency, if both
 * began at about the same time. Followed up the graph of calls, there is one root, and the rest are
 * its victims.
 */
final class Roots {

  /** What has gone on for longer, without effect, is not the cause of what begins now. */
  static final long CAUSE_BEFORE_MILLIS = 600_000;

  /** The cause may be proven to have begun later than its effect: its evidence came more slowly. */
  static final long CAUSE_AFTER_MILLIS = 60_000;

  private static final Comparator<Map.Entry<String, SymptomState>> EARLIEST_FIRST =
      Comparator.comparing(Roots::sinceMillis).thenComparing(Map.Entry::getKey);

  private final Map<String, SymptomState> felt;
  private final Map<String, List<Map.Entry<String, SymptomState>>> bySufferer = new HashMap<>();

  /** Of all symptoms that are felt, by their keys. */
  Roots(Map<String, SymptomState> felt) {
    this.felt = felt;
    felt.entrySet().stream().sorted(EARLIEST_FIRST).forEach(this::index);
  }

  private void index(Map.Entry<String, SymptomState> each) {
    for (String caller : each.getValue().getCallers()) {
      bySufferer.computeIfAbsent(caller, unseen -> new ArrayList<>()).add(each);
    }
  }

  /** The key of the symptom that this one follows from in the end; empty where it is a root. */
  Optional<String> rootOf(SymptomState symptom) {
    Set<String> passed = new LinkedHashSet<>();
    Optional<Map.Entry<String, SymptomState>> cause = causeOf(symptom);
    while (cause.isPresent() && passed.add(cause.get().getKey())) {
      cause = causeOf(cause.get().getValue());
    }
    return cause.isEmpty() ? last(passed) : earliestOf(passed, symptom);
  }

  private Optional<Map.Entry<String, SymptomState>> causeOf(SymptomState effect) {
    String sufferer = BreakerId.dependency(effect.getBreaker());
    return bySufferer.getOrDefault(sufferer, List.of()).stream()
        .filter(each -> !dependency(each).equals(sufferer))
        .filter(each -> areOfOneTime(each.getValue(), effect))
        .findFirst();
  }

  private static String dependency(Map.Entry<String, SymptomState> each) {
    return BreakerId.dependency(each.getValue().getBreaker());
  }

  private static boolean areOfOneTime(SymptomState cause, SymptomState effect) {
    long earlier = effect.getSinceMillis() - cause.getSinceMillis();
    return earlier <= CAUSE_BEFORE_MILLIS && earlier >= -CAUSE_AFTER_MILLIS;
  }

  private static long sinceMillis(Map.Entry<String, SymptomState> each) {
    return each.getValue().getSinceMillis();
  }

  private static Optional<String> last(Collection<String> passed) {
    return passed.stream().reduce((before, after) -> after);
  }

  /**
   * Services that call each other in a ring suffer from each other: what came first is the root.
   */
  private Optional<String> earliestOf(Set<String> ring, SymptomState symptom) {
    String itself = BreakerId.dependency(symptom.getBreaker());
    return felt.entrySet().stream()
        .filter(each -> ring.contains(each.getKey()))
        .min(EARLIEST_FIRST)
        .filter(each -> !dependency(each).equals(itself))
        .map(Map.Entry::getKey);
  }
}
