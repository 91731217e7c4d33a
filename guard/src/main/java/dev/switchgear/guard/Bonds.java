package dev.switchgear.guard;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.BreakerId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The breakers that a gate obeys: its own, that of the whole dependency, and of both those for the
 * region, the service and the name of this instance. The tightest of them decides.
 *
 * @param own the breaker that the gate is of, and that its calls are evidence of
 * @param region the part of it for this instance's region, where there can be one
 * @param caller the part of it for this service, where there can be one
 * @param instance the part of it for this instance alone, where there can be one
 * @param all ids, the own one first
 */
record Bonds(
    String own,
    Optional<String> region,
    Optional<String> caller,
    Optional<String> instance,
    Set<String> all) {

  /** An instance of which nothing is known; no part can be named after it. */
  static final Caller NOBODY = Caller.of("", "");

  /** Of a breaker, for that instance. */
  static Bonds of(String own, Caller who) {
    Set<String> all = new LinkedHashSet<>();
    all.add(own);
    for (String whole : new String[] {BreakerId.whole(own), BreakerId.dependency(own)}) {
      all.add(whole);
      BreakerId.inRegion(whole, who.region()).ifPresent(all::add);
      BreakerId.ofCaller(whole, who.service()).ifPresent(all::add);
      BreakerId.ofInstance(whole, who.service(), who.instance()).ifPresent(all::add);
    }
    Caller apart = BreakerId.isPart(own) ? NOBODY : who;
    return new Bonds(
        own,
        BreakerId.inRegion(own, apart.region()),
        BreakerId.ofCaller(own, apart.service()),
        BreakerId.ofInstance(own, apart.service(), apart.instance()),
        all);
  }

  /** Whether the gate's calls are evidence of that breaker. */
  boolean judgeItsCalls(String breaker) {
    return breaker.equals(own)
        || Stream.of(region, caller, instance)
            .anyMatch(part -> part.filter(breaker::equals).isPresent());
  }
}
