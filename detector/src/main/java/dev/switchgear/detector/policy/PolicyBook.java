package dev.switchgear.detector.policy;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.nio.file.Path;
import java.util.List;

/**
 * Which policy holds for which breaker. Of the patterns that name a breaker the most specific one
 * decides. Immutable.
 */
public final class PolicyBook {

  /** What holds where nobody wrote a policy. */
  public static final PolicyBook BUILT_IN = new PolicyBook(List.of(), BreakerPolicy.DEFAULT);

  private final List<Rule> rules;
  private final BreakerPolicy otherwise;

  /**
   * One pattern and its complete policy.
   *
   * @param policy with all that it inherits
   */
  record Rule(BreakerPattern pattern, BreakerPolicy policy) {}

  /**
   * A book of rules.
   *
   * @param rules the most specific first
   * @param otherwise for breakers that no rule names
   */
  PolicyBook(List<Rule> rules, BreakerPolicy otherwise) {
    this.rules = List.copyOf(rules);
    this.otherwise = otherwise;
  }

  /**
   * Reads a policy file.
   *
   * @throws PolicyException if it cannot be read, or anything in it is not as it should be
   */
  public static PolicyBook read(Path file) {
    return PolicyFile.read(file);
  }

  /** The policy of a breaker. */
  public BreakerPolicy policyOf(String breaker) {
    for (Rule rule : rules) {
      if (rule.pattern().matches(breaker)) {
        return rule.policy();
      }
    }
    return otherwise;
  }
}
