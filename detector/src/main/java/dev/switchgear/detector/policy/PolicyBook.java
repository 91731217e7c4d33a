package dev.switchgear.detector.policy;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.BreakerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which policy holds for which breaker. Of the patterns that name a breaker the most specific one
 * decides; what it leaves out comes from the next less specific one that covers it, and so on, and
 * at last from {@link BreakerPolicy#DEFAULT}. So every pattern's policy is complete, and is
 * checked, before anybody goes by the book. Immutable.
 */
public final class PolicyBook {

  /** What holds where nobody wrote a policy. */
  public static final PolicyBook BUILT_IN = new PolicyBook(List.of());

  private static final Comparator<WrittenPolicy> FIRST_TO_DECIDE =
      Comparator.comparing(WrittenPolicy::breakers, BreakerPattern.MOST_SPECIFIC_FIRST)
          .thenComparing(WrittenPolicy::layer);

  private final List<Rule> rules;

  /**
   * One pattern and its complete policy.
   *
   * @param chain what it is made of: its own, and whatever it inherits from, the nearest first
   * @param policy with all that it inherits
   */
  private record Rule(List<WrittenPolicy> chain, BreakerPolicy policy) {

    WrittenPolicy own() {
      return chain.get(0);
    }

    Optional<WrittenPolicy> saying(String key) {
      return chain.stream().filter(each -> each.says(key)).findFirst();
    }
  }

  /**
   * One key of a breaker's policy.
   *
   * @param value as it is written in YAML
   * @param from who says so; empty where it is built in
   */
  public record Said(String key, String value, Optional<WrittenPolicy> from) {}

  private PolicyBook(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads a policy file.
   *
   * @throws PolicyException if it cannot be read, or anything in it is not as it should be
   */
  public static PolicyBook read(Path file) {
    return of(PolicyFile.read(file));
  }

  /**
   * What is written, taken together.
   *
   * @throws PolicyException if any of it does not go together with what it inherits
   */
  public static PolicyBook of(Collection<WrittenPolicy> written) {
    Mistakes mistakes = new Mistakes();
    PolicyBook book = of(written, mistakes);
    mistakes.check();
    return book;
  }

  /** The same; what is wrong is left to the caller to tell. */
  static PolicyBook of(Collection<WrittenPolicy> written, Mistakes mistakes) {
    List<WrittenPolicy> sorted = new ArrayList<>(written);
    sorted.sort(FIRST_TO_DECIDE);
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      List<WrittenPolicy> chain = chain(sorted.subList(i, sorted.size()));
      rules.add(new Rule(chain, resolved(chain, mistakes)));
    }
    return new PolicyBook(rules);
  }

  /** The policy of a breaker. */
  public BreakerPolicy policyOf(String breaker) {
    return rule(breaker).map(Rule::policy).orElse(BreakerPolicy.DEFAULT);
  }

  /** Who decides for a breaker; empty where nobody wrote anything for it. */
  public Optional<WrittenPolicy> decidingFor(String breaker) {
    return rule(breaker).map(Rule::own);
  }

  /** Every key of a breaker's policy, and where its value comes from. */
  public List<Said> explain(String breaker) {
    Optional<Rule> rule = rule(breaker);
    BreakerPolicy policy = policyOf(breaker);
    List<Said> said = new ArrayList<>();
    PolicyKeys.ALL.forEach(
        (key, value) ->
            said.add(new Said(key, value.apply(policy), rule.flatMap(r -> r.saying(key)))));
    return said;
  }

  /** Everything that was written, the most specific pattern first. */
  public List<WrittenPolicy> written() {
    return rules.stream().map(Rule::own).toList();
  }

  /** The keys that are written for exactly this pattern, with their values; in the usual order. */
  public Map<String, String> saidFor(String pattern) {
    Map<String, String> said = new LinkedHashMap<>();
    for (Rule rule : rules) {
      if (rule.own().pattern().equals(pattern)) {
        PolicyKeys.ALL.forEach(
            (key, value) -> {
              if (rule.own().says(key)) {
                said.put(key, value.apply(rule.policy()));
              }
            });
        break;
      }
    }
    return Collections.unmodifiableMap(said);
  }

  /** A part goes by the policy of its whole, unless a pattern that tells parts apart names it. */
  private Optional<Rule> rule(String breaker) {
    if (BreakerId.isPart(breaker)) {
      for (Rule rule : rules) {
        BreakerPattern pattern = rule.own().breakers();
        if (pattern.tellsPartsApart() && pattern.matches(breaker)) {
          return Optional.of(rule);
        }
      }
    }
    String whole = BreakerId.whole(breaker);
    return rules.stream().filter(rule -> rule.own().breakers().matches(whole)).findFirst();
  }

  /** A pattern, the first, and those of the less specific ones that cover it. */
  private static List<WrittenPolicy> chain(List<WrittenPolicy> fromHereOn) {
    BreakerPattern heir = fromHereOn.get(0).breakers();
    return fromHereOn.stream().filter(each -> each.breakers().covers(heir)).toList();
  }

  private static BreakerPolicy resolved(List<WrittenPolicy> chain, Mistakes mistakes) {
    BreakerPolicy policy = BreakerPolicy.DEFAULT;
    for (int i = chain.size() - 1; i >= 0; i--) {
      WrittenPolicy each = chain.get(i);
      long own = each.version().orElse(WrittenPolicy.FIRST_VERSION);
      policy = PolicyFile.policy(each.section(mistakes), policy);
      policy = policy.withVersion(Math.max(own, policy.version()));
    }
    return policy;
  }
}
