package dev.switchgear.detector.policy;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.BreakerPolicy.BackOff;
import dev.switchgear.breaker.policy.BreakerPolicy.Errors;
import dev.switchgear.breaker.policy.BreakerPolicy.Probes;
import dev.switchgear.breaker.policy.BreakerPolicy.Ramp;
import dev.switchgear.breaker.policy.BreakerPolicy.Slowness;
import dev.switchgear.detector.policy.PolicyBook.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads policies from YAML. A pattern inherits what it leaves out from the next less specific
 * pattern that covers it, that one from the next, then from {@code default}, and at last from
 * {@link BreakerPolicy#DEFAULT}; so every pattern's policy is complete, and is checked, when the
 * file is read.
 */
final class PolicyFile {

  /** A thousand patterns of a kilobyte. */
  private static final int LARGEST_BYTES = 1 << 20;

  private static final int MOST_PATTERNS = 1_000;
  private static final int LONGEST_PATTERN = 255;

  private static final Set<String> TOP = Set.of("default", "breakers");
  private static final Set<String> POLICY =
      Set.of(
          "version",
          "enforced",
          "errors",
          "slowness",
          "falseTripsPerDay",
          "backOff",
          "probes",
          "ramp");

  /** What is written has a version; 0 is the built-in policy's. */
  private static final long FIRST_VERSION = 1;

  /** One pattern, as it stands in the file. */
  private record Written(BreakerPattern pattern, Section section) {}

  private PolicyFile() {}

  static PolicyBook read(Path file) {
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        throw unreadable(file, "larger than " + LARGEST_BYTES + " bytes", null);
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      return parse(file.toString(), StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw unreadable(file, "not UTF-8", e);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "no such file", e);
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  static PolicyBook parse(String file, String text) {
    Section top = new Section(file, "", compose(file, text)).allowing(TOP);
    BreakerPolicy otherwise =
        top.section("default")
            .map(section -> policy(section, BreakerPolicy.DEFAULT))
            .orElse(BreakerPolicy.DEFAULT);
    List<Written> written = top.section("breakers").map(PolicyFile::patterns).orElse(List.of());
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      Written each = written.get(i);
      BreakerPolicy base = inherited(each, written.subList(i + 1, written.size()), otherwise);
      rules.add(new Rule(each.pattern(), policy(each.section(), base)));
    }
    return new PolicyBook(rules, otherwise);
  }

  /** What the less specific patterns, the most specific of them first, leave to a pattern. */
  private static BreakerPolicy inherited(
      Written heir, List<Written> lessSpecific, BreakerPolicy otherwise) {
    BreakerPolicy base = otherwise;
    for (int i = lessSpecific.size() - 1; i >= 0; i--) {
      Written each = lessSpecific.get(i);
      if (each.pattern().covers(heir.pattern())) {
        base = policy(each.section(), base);
      }
    }
    return base;
  }

  /** The most specific pattern first; of equally specific ones that which is further up. */
  private static List<Written> patterns(Section breakers) {
    List<Written> written = new ArrayList<>();
    for (String key : breakers.keys()) {
      if (key.isBlank() || key.length() > LONGEST_PATTERN || written.size() == MOST_PATTERNS) {
        throw breakers.wrong(
            key,
            "expected: at most %d patterns of 1..%d characters"
                .formatted(MOST_PATTERNS, LONGEST_PATTERN));
      }
      breakers
          .section(key)
          .ifPresent(section -> written.add(new Written(new BreakerPattern(key), section)));
    }
    written.sort(Comparator.comparing(Written::pattern, BreakerPattern.MOST_SPECIFIC_FIRST));
    return written;
  }

  private static BreakerPolicy policy(Section section, BreakerPolicy base) {
    section.allowing(POLICY);
    Errors errors = errors(section.section("errors"), base.errors());
    Slowness slowness = slowness(section.section("slowness"), base.slowness());
    BackOff backOff = backOff(section.section("backOff"), base.backOff());
    Probes probes = probes(section.section("probes"), base.probes());
    Ramp ramp = ramp(section.section("ramp"), base.ramp());
    return section.checked(
        () ->
            new BreakerPolicy(
                section.whole("version", Math.max(FIRST_VERSION, base.version())),
                section.truth("enforced", base.enforced()),
                errors,
                slowness,
                section.number("falseTripsPerDay", base.falseTripsPerDay()),
                backOff,
                probes,
                ramp));
  }

  private static Errors errors(Optional<Section> written, Errors base) {
    return written
        .map(section -> section.allowing(Set.of("acceptedShare", "ignored")))
        .map(
            section ->
                section.checked(
                    () ->
                        new Errors(
                            section.number("acceptedShare", base.acceptedShare()),
                            section.texts("ignored", base.ignored()))))
        .orElse(base);
  }

  private static Slowness slowness(Optional<Section> written, Slowness base) {
    return written
        .map(section -> section.allowing(Set.of("floor", "timesBaseline", "acceptedShare")))
        .map(
            section ->
                section.checked(
                    () ->
                        new Slowness(
                            section.duration("floor", base.floor()),
                            section.number("timesBaseline", base.timesBaseline()),
                            section.number("acceptedShare", base.acceptedShare()))))
        .orElse(base);
  }

  private static BackOff backOff(Optional<Section> written, BackOff base) {
    return written
        .map(section -> section.allowing(Set.of("first", "factor", "longest", "jitter")))
        .map(
            section ->
                section.checked(
                    () ->
                        new BackOff(
                            section.duration("first", base.first()),
                            section.number("factor", base.factor()),
                            section.duration("longest", base.longest()),
                            section.number("jitter", base.jitter()))))
        .orElse(base);
  }

  private static Probes probes(Optional<Section> written, Probes base) {
    return written
        .map(section -> section.allowing(Set.of("perSecond", "rearm")))
        .map(
            section ->
                section.checked(
                    () ->
                        new Probes(
                            section.number("perSecond", base.perSecond()),
                            section.duration("rearm", base.rearm()))))
        .orElse(base);
  }

  private static Ramp ramp(Optional<Section> written, Ramp base) {
    return written
        .map(section -> section.allowing(Set.of("shares", "step")))
        .map(
            section ->
                section.checked(
                    () ->
                        new Ramp(
                            section.wholes("shares", base.shares()),
                            section.duration("step", base.step()))))
        .orElse(base);
  }

  private static Node compose(String file, String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    try {
      return new Compose(settings)
          .composeString(text)
          .orElseThrow(
              () -> new PolicyException(file, 1, "empty (expected: default: or breakers:)", null));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(mark -> mark.getLine() + 1).orElse(1);
      throw malformed(file, line, String.valueOf(e.getProblem()), e);
    } catch (ReaderException e) {
      String before = text.substring(0, Math.min(text.length(), e.getPosition()));
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      throw malformed(file, line, "a character that YAML does not allow", e);
    } catch (YamlEngineException e) {
      throw malformed(file, 1, String.valueOf(e.getMessage()), e);
    }
  }

  private static PolicyException malformed(
      String file, int line, String problem, YamlEngineException cause) {
    String oneLine = problem.replaceAll("\\s+", " ");
    return new PolicyException(file, line, oneLine + " (expected: YAML)", cause);
  }

  private static PolicyException unreadable(
      Path file, String problem, @Nullable IOException cause) {
    return new PolicyException(file.toString(), 1, problem + " (expected: a policy file)", cause);
  }
}
