package dev.switchgear.detector.policy;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.BreakerPolicy.BackOff;
import dev.switchgear.breaker.policy.BreakerPolicy.Errors;
import dev.switchgear.breaker.policy.BreakerPolicy.Probes;
import dev.switchgear.breaker.policy.BreakerPolicy.Ramp;
import dev.switchgear.breaker.policy.BreakerPolicy.Slowness;
import dev.switchgear.breaker.policy.BreakerPolicy.Timeout;
import dev.switchgear.breaker.policy.BreakerPolicy.Windows;
import dev.switchgear.breaker.policy.Quota;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.breaker.policy.Watched;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads policies from YAML: {@code default}, which is another name for the pattern {@code *}, and
 * {@code breakers} by pattern. All mistakes are told at once.
 */
public final class PolicyFile {

  /** A thousand patterns of a kilobyte. */
  private static final int LARGEST_BYTES = 1 << 20;

  static final int MOST_PATTERNS = 1_000;

  /** A version with more digits is no count of changes. */
  static final long HIGHEST_VERSION = 1_000_000_000_000L;

  /** No policy needs more than five; the composer calls itself for each. */
  private static final int DEEPEST = 20;

  private static final String DEFAULT = "default";
  private static final String BREAKERS = "breakers";
  private static final String VERSION = "version";

  private static final Set<String> TOP = Set.of(DEFAULT, BREAKERS);
  private static final Set<String> POLICY =
      Set.of(
          VERSION,
          "enforced",
          "errors",
          "slowness",
          "throughput",
          "silence",
          "saturation",
          "queue",
          "falseTripsPerDay",
          "backOff",
          "probes",
          "ramp",
          "windows",
          "timeout",
          "staleAfter",
          "split",
          "quota");

  private PolicyFile() {}

  /**
   * What is written in a file, by pattern.
   *
   * @throws PolicyException if it cannot be read, or anything in it is not as it should be
   */
  public static List<WrittenPolicy> read(Path file) {
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

  static List<WrittenPolicy> parse(String file, String text) {
    Node root =
        compose(file, text)
            .orElseThrow(
                () ->
                    new PolicyException(file, 1, "empty (expected: default: or breakers:)", null));
    Mistakes mistakes = new Mistakes();
    Section top = new Section(mistakes, file, "", root).allowing(TOP);
    List<WrittenPolicy> written = new ArrayList<>();
    top.node(DEFAULT)
        .ifPresent(node -> add(written, BreakerPattern.ALL, file, DEFAULT, node, mistakes));
    top.section(BREAKERS).ifPresent(section -> patterns(section, file, written, mistakes));
    PolicyBook.of(written, mistakes);
    mistakes.check();
    return written;
  }

  private static void patterns(
      Section breakers, String file, List<WrittenPolicy> written, Mistakes mistakes) {
    boolean hasDefault = !written.isEmpty();
    for (String key : breakers.keys()) {
      BreakerPattern pattern = new BreakerPattern(key);
      if (!pattern.isUsable()) {
        breakers.wrong(key, "expected: " + BreakerPattern.EXPECTED);
      } else if (hasDefault && pattern.equals(BreakerPattern.ALL)) {
        breakers.wrong(key, "written twice; expected: once, for default means the same");
      } else if (written.size() == MOST_PATTERNS) {
        breakers.wrong(key, "expected: at most " + MOST_PATTERNS + " patterns");
        return;
      } else {
        String path = BREAKERS + "." + key;
        breakers.node(key).ifPresent(node -> add(written, pattern, file, path, node, mistakes));
      }
    }
  }

  private static void add(
      List<WrittenPolicy> written,
      BreakerPattern pattern,
      String file,
      String path,
      Node node,
      Mistakes mistakes) {
    OptionalLong version = version(new Section(mistakes, file, path, node));
    written.add(
        new WrittenPolicy(pattern, WrittenPolicy.Layer.FILE, file, path, node, version, null));
  }

  private static OptionalLong version(Section section) {
    if (!section.says(VERSION)) {
      return OptionalLong.empty();
    }
    long version = section.whole(VERSION, WrittenPolicy.FIRST_VERSION);
    if (version < 0 || version > HIGHEST_VERSION) {
      section.wrong(VERSION, "expected: 0.." + HIGHEST_VERSION);
    }
    return OptionalLong.of(Math.max(0, version));
  }

  /** What a section says, over what it inherits; the version is left as it is. */
  static BreakerPolicy policy(Section section, BreakerPolicy base) {
    section.allowing(POLICY);
    Errors errors = errors(section.section("errors"), base.errors());
    Slowness slowness = slowness(section.section("slowness"), base.slowness());
    BackOff backOff = backOff(section.section("backOff"), base.backOff());
    Probes probes = probes(section.section("probes"), base.probes());
    Ramp ramp = ramp(section.section("ramp"), base.ramp());
    Windows windows = windows(section.section("windows"), base.windows());
    Timeout timeout = timeout(section.section("timeout"), base.timeout());
    Watched watched =
        new Watched(
            kind(section.section("throughput"), base.watched().throughput()),
            kind(section.section("silence"), base.watched().silence()),
            saturation(section.section("saturation"), base.watched().saturation()),
            queue(section.section("queue"), base.watched().queue()));
    Quota quota = quota(section.section("quota"), base.quota());
    return section.checked(
        base,
        written ->
            new BreakerPolicy(
                base.version(),
                written.truth("enforced", base.enforced()),
                errors,
                slowness,
                written.number("falseTripsPerDay", base.falseTripsPerDay()),
                backOff,
                probes,
                ramp,
                windows,
                timeout,
                written.duration("staleAfter", base.staleAfter()),
                BreakerPolicy.split(written.texts("split", texts(base.split()))),
                watched,
                quota));
  }

  private static Set<String> texts(Set<Scope> scopes) {
    return scopes.stream().map(Scope::text).collect(Collectors.toSet());
  }

  private static Watched.Kind kind(Optional<Section> section, Watched.Kind base) {
    return in(
        section,
        Set.of("watched", "opens"),
        base,
        written ->
            new Watched.Kind(
                written.truth("watched", base.watched()), written.truth("opens", base.opens())));
  }

  private static Watched.Saturation saturation(Optional<Section> section, Watched.Saturation base) {
    return in(
        section,
        Set.of("watched", "limit", "opens"),
        base,
        written ->
            new Watched.Saturation(
                written.truth("watched", base.watched()),
                written.number("limit", base.limit()),
                written.truth("opens", base.opens())));
  }

  private static Watched.Queue queue(Optional<Section> section, Watched.Queue base) {
    return in(
        section,
        Set.of("watched", "limit", "opens"),
        base,
        written ->
            new Watched.Queue(
                written.truth("watched", base.watched()),
                written.number("limit", base.limit()),
                written.truth("opens", base.opens())));
  }

  private static Quota quota(Optional<Section> section, Quota base) {
    return in(
        section,
        Set.of("calls", "per", "guaranteed"),
        base,
        written ->
            new Quota(
                written.whole("calls", base.calls()),
                written.duration("per", base.per()),
                written.wholesByName("guaranteed", base.guaranteed())));
  }

  private static Errors errors(Optional<Section> section, Errors base) {
    return in(
        section,
        Set.of("acceptedShare", "ignored", "double"),
        base,
        written ->
            new Errors(
                written.number("acceptedShare", base.acceptedShare()),
                written.texts("ignored", base.ignored()),
                written.texts("double", base.doubled())));
  }

  private static Slowness slowness(Optional<Section> section, Slowness base) {
    return in(
        section,
        Set.of("floor", "timesBaseline", "acceptedShare"),
        base,
        written ->
            new Slowness(
                written.duration("floor", base.floor()),
                written.number("timesBaseline", base.timesBaseline()),
                written.number("acceptedShare", base.acceptedShare())));
  }

  private static BackOff backOff(Optional<Section> section, BackOff base) {
    return in(
        section,
        Set.of("first", "factor", "longest", "jitter"),
        base,
        written ->
            new BackOff(
                written.duration("first", base.first()),
                written.number("factor", base.factor()),
                written.duration("longest", base.longest()),
                written.number("jitter", base.jitter())));
  }

  private static Probes probes(Optional<Section> section, Probes base) {
    return in(
        section,
        Set.of("perSecond", "rearm"),
        base,
        written ->
            new Probes(
                written.number("perSecond", base.perSecond()),
                written.duration("rearm", base.rearm())));
  }

  private static Ramp ramp(Optional<Section> section, Ramp base) {
    return in(
        section,
        Set.of("shares", "step"),
        base,
        written ->
            new Ramp(
                written.wholes("shares", base.shares()), written.duration("step", base.step())));
  }

  private static Windows windows(Optional<Section> section, Windows base) {
    return in(
        section,
        Set.of("agree"),
        base,
        written -> new Windows(written.duration("agree", base.agree())));
  }

  private static Timeout timeout(Optional<Section> section, Timeout base) {
    return in(
        section,
        Set.of("factor", "shortest", "longest"),
        base,
        written ->
            new Timeout(
                written.number("factor", base.factor()),
                written.duration("shortest", base.shortest()),
                written.duration("longest", base.longest())));
  }

  private static <T> T in(
      Optional<Section> section, Set<String> keys, T base, Function<Section, T> construction) {
    return section.map(written -> written.allowing(keys).checked(base, construction)).orElse(base);
  }

  /** The document's root; empty where it says nothing. */
  static Optional<Node> compose(String file, String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    try {
      checkDepth(file, new Parse(settings).parseString(text));
      return new Compose(settings).composeString(text);
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

  private static void checkDepth(String file, Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
      if (depth > DEEPEST) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        throw new PolicyException(file, line, "too deep (expected: at most " + DEEPEST + ")", null);
      }
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
