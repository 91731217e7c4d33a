package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The breakers that a gate obeys: its own, that of the whole dependency, and of both those for the
 * region and the service of this instance. The tightest of them decides.
 *
 * @param own the breaker that the gate is of, and that its calls are evidence of
 * @param region the part of it for this instance's region, where there can be one
 * @param caller the part of it for this service, where there can be one
 * @param all ids, the own one first
 */
record Bonds(String own, Optional<String> region, Optional<String> caller, Set<String> all) {

  /** Of a breaker, for an instance of that service in that region; null where nobody said. */
  static Bonds of(String own, @Nullable String service, @Nullable String region) {
    boolean part = BreakerId.isPart(own);
    Optional<String> ofRegion = part ? Optional.empty() : BreakerId.inRegion(own, region);
    Optional<String> ofCaller = part ? Optional.empty() : BreakerId.ofCaller(own, service);
    Set<String> all = new LinkedHashSet<>();
    all.add(own);
    for (String whole : new String[] {BreakerId.whole(own), BreakerId.dependency(own)}) {
      all.add(whole);
      BreakerId.inRegion(whole, region).ifPresent(all::add);
      BreakerId.ofCaller(whole, service).ifPresent(all::add);
    }
    return new Bonds(own, ofRegion, ofCaller, all);
  }
}
