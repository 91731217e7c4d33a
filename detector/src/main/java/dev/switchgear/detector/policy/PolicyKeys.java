package dev.switchgear.detector.policy;

import static java.util.stream.Collectors.joining;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Every key that a policy may hold but its version, in the order in which people are shown them,
 * and its value as it is written in YAML.
 */
final class PolicyKeys {

  static final Map<String, Function<BreakerPolicy, String>> ALL = all();

  private PolicyKeys() {}

  private static Map<String, Function<BreakerPolicy, String>> all() {
    Map<String, Function<BreakerPolicy, String>> all = new LinkedHashMap<>();
    all.put("enforced", p -> String.valueOf(p.enforced()));
    all.put("falseTripsPerDay", p -> number(p.falseTripsPerDay()));
    all.put("staleAfter", p -> length(p.staleAfter()));
    all.put("split", p -> scopes(p.split()));
    all.put("errors.acceptedShare", p -> number(p.errors().acceptedShare()));
    all.put("errors.ignored", p -> texts(p.errors().ignored()));
    all.put("errors.double", p -> texts(p.errors().doubled()));
    all.put("slowness.floor", p -> length(p.slowness().floor()));
    all.put("slowness.timesBaseline", p -> number(p.slowness().timesBaseline()));
    all.put("slowness.acceptedShare", p -> number(p.slowness().acceptedShare()));
    all.put("throughput.watched", p -> String.valueOf(p.watched().throughput().watched()));
    all.put("throughput.opens", p -> String.valueOf(p.watched().throughput().opens()));
    all.put("silence.watched", p -> String.valueOf(p.watched().silence().watched()));
    all.put("silence.opens", p -> String.valueOf(p.watched().silence().opens()));
    all.put("saturation.watched", p -> String.valueOf(p.watched().saturation().watched()));
    all.put("saturation.limit", p -> number(p.watched().saturation().limit()));
    all.put("saturation.opens", p -> String.valueOf(p.watched().saturation().opens()));
    all.put("queue.watched", p -> String.valueOf(p.watched().queue().watched()));
    all.put("queue.limit", p -> number(p.watched().queue().limit()));
    all.put("queue.opens", p -> String.valueOf(p.watched().queue().opens()));
    all.put("windows.agree", p -> length(p.windows().agree()));
    all.put("backOff.first", p -> length(p.backOff().first()));
    all.put("backOff.factor", p -> number(p.backOff().factor()));
    all.put("backOff.longest", p -> length(p.backOff().longest()));
    all.put("backOff.jitter", p -> number(p.backOff().jitter()));
    all.put("probes.perSecond", p -> number(p.probes().perSecond()));
    all.put("probes.rearm", p -> length(p.probes().rearm()));
    all.put("ramp.shares", p -> wholes(p.ramp().shares()));
    all.put("ramp.step", p -> length(p.ramp().step()));
    all.put("timeout.factor", p -> number(p.timeout().factor()));
    all.put("timeout.shortest", p -> length(p.timeout().shortest()));
    all.put("timeout.longest", p -> length(p.timeout().longest()));
    all.put("quota.calls", p -> String.valueOf(p.quota().calls()));
    all.put("quota.per", p -> length(p.quota().per()));
    all.put("quota.guaranteed", p -> wholesByName(p.quota().guaranteed()));
    return Collections.unmodifiableMap(all);
  }

  private static String length(Duration duration) {
    return Durations.format(duration);
  }

  private static String number(double value) {
    BigDecimal plain = BigDecimal.valueOf(value).stripTrailingZeros();
    return plain.scale() > 9 ? plain.toString() : plain.toPlainString();
  }

  private static String wholes(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(joining(", ", "[", "]"));
  }

  private static String scopes(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::text).collect(joining(", ", "[", "]"));
  }

  private static String texts(Set<String> values) {
    return values.stream().sorted().map(PolicyKeys::quoted).collect(joining(", ", "[", "]"));
  }

  private static String wholesByName(Map<String, Long> values) {
    return values.entrySet().stream()
        .map(each -> quoted(each.getKey()) + ": " + each.getValue())
        .collect(joining(", ", "{", "}"));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\uFEFF') {
        quoted.append(String.format("\\u%04X", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
