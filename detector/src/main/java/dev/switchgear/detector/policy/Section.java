package dev.switchgear.detector.policy;

import static java.util.stream.Collectors.joining;

import dev.switchgear.breaker.policy.NearestName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of a policy file: gives its values out by key and type, and says where and how they
 * are not what they should be. A key that is not there leaves what is inherited.
 */
final class Section {

  /** More than this of a list is not a list that anybody wrote. */
  private static final int LONGEST_LIST = 100;

  private static final int LONGEST_QUOTE = 80;

  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,3})?");

  private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,18}");

  private final Mistakes mistakes;
  private final String file;
  private final String path;
  private final int line;
  private final Map<String, NodeTuple> entries;

  /**
   * A mapping of which any key may be used.
   *
   * @param mistakes takes what is wrong
   * @param path keys that lead here, separated by dots; empty at the top
   */
  Section(Mistakes mistakes, String file, String path, Node node) {
    this(mistakes, file, path, line(node), new LinkedHashMap<>());
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::add);
    } else {
      error(line, path, quote(node), "expected: keys with values");
    }
  }

  private Section(
      Mistakes mistakes, String file, String path, int line, Map<String, NodeTuple> entries) {
    this.mistakes = mistakes;
    this.file = file;
    this.path = path;
    this.line = line;
    this.entries = entries;
  }

  /** The keys, in the order of the file. */
  Set<String> keys() {
    return entries.keySet();
  }

  /** Whether a key is written here; dots lead into sections. */
  boolean says(String key) {
    int dot = key.indexOf('.');
    return dot < 0
        ? entries.containsKey(key)
        : section(key.substring(0, dot))
            .map(inner -> inner.says(key.substring(dot + 1)))
            .orElse(false);
  }

  /** The value of a key, as it is. */
  Optional<Node> node(String key) {
    return value(key);
  }

  /** This section, which should have no other keys than these. */
  Section allowing(Set<String> known) {
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        String nearest =
            NearestName.of(entry.getKey(), known)
                .map(name -> "did you mean " + name + "? ")
                .orElse("");
        String expected = nearest + "expected: " + String.join(", ", new TreeSet<>(known));
        wrong(entry.getKey(), entry.getValue().getValueNode(), "no such key; " + expected);
      }
    }
    return this;
  }

  Optional<Section> section(String key) {
    return value(key).map(node -> new Section(mistakes, file, pathOf(key), node));
  }

  boolean truth(String key, boolean inherited) {
    return scalar(
            key,
            "true or false",
            text ->
                text.equals("true") || text.equals("false")
                    ? Optional.of(Boolean.valueOf(text))
                    : Optional.empty())
        .orElse(inherited);
  }

  double number(String key, double inherited) {
    return scalar(key, "a number", text -> matching(NUMBER, text).map(Double::valueOf))
        .orElse(inherited);
  }

  long whole(String key, long inherited) {
    return scalar(key, "a whole number", text -> matching(WHOLE, text).map(Long::valueOf))
        .orElse(inherited);
  }

  Duration duration(String key, Duration inherited) {
    return scalar(key, Durations.EXPECTED, Durations::parse).orElse(inherited);
  }

  Set<String> texts(String key, Set<String> inherited) {
    return list(key, "a list of texts", node -> Optional.of(node.getValue()))
        .map(Set::copyOf)
        .orElse(inherited);
  }

  List<Integer> wholes(String key, List<Integer> inherited) {
    return list(
            key,
            "a list of whole numbers",
            node -> plain(node).flatMap(text -> matching(WHOLE, text)).map(Section::clamped))
        .orElse(inherited);
  }

  /** A section whose keys are names, each with a whole number. */
  Map<String, Long> wholesByName(String key, Map<String, Long> inherited) {
    return section(key).map(Section::wholesByName).orElse(inherited);
  }

  private Map<String, Long> wholesByName() {
    Map<String, Long> wholes = new LinkedHashMap<>();
    keys().forEach(name -> wholes.put(name, whole(name, 0)));
    return wholes;
  }

  /**
   * Makes a value whose constructor checks ranges. Its complaint begins with the name of the key,
   * and is told again with the place. Then it is tried without that key, so that none hides the
   * mistake of another.
   *
   * @param inherited what holds where it cannot be made at all
   */
  <T> T checked(T inherited, Function<Section, T> construction) {
    Map<String, NodeTuple> left = new LinkedHashMap<>(entries);
    while (true) {
      try {
        return construction.apply(new Section(mistakes, file, path, line, left));
      } catch (IllegalArgumentException e) {
        String key = tell(e);
        if (left.remove(key) == null) {
          return inherited;
        }
      }
    }
  }

  /** Something is wrong with a key of this section. */
  void wrong(String key, String problem) {
    NodeTuple entry = entries.get(key);
    if (entry == null) {
      error(line, pathOf(key), "", problem);
    } else {
      wrong(key, entry.getValueNode(), problem);
    }
  }

  /** Tells of a constructor's complaint; returns the key that it is about. */
  private String tell(IllegalArgumentException complaint) {
    String message = Durations.humanize(String.valueOf(complaint.getMessage()));
    String key = message.substring(0, Math.max(0, message.indexOf(':')));
    NodeTuple entry = entries.get(key);
    if (entry != null) {
      mistakes.add(file, line(entry.getKeyNode()), pathOf(message), complaint);
    } else {
      mistakes.addOfInherited(file, line, pathOf(message), complaint);
    }
    return key;
  }

  private void add(NodeTuple entry) {
    Node node = entry.getKeyNode();
    if (!(node instanceof ScalarNode scalar)) {
      error(line(node), path, quote(node), "expected: a key");
      return;
    }
    NodeTuple first = entries.putIfAbsent(scalar.getValue(), entry);
    if (first != null) {
      String problem = "written twice; expected: once, as on line " + line(first.getKeyNode());
      error(line(node), pathOf(scalar.getValue()), quote(entry.getValueNode()), problem);
    }
  }

  private <T> Optional<T> scalar(
      String key, String expected, Function<String, Optional<T>> parsing) {
    Optional<Node> node = value(key);
    Optional<T> parsed = node.flatMap(Section::plain).flatMap(parsing);
    if (node.isPresent() && parsed.isEmpty()) {
      wrong(key, node.get(), "expected: " + expected);
    }
    return parsed;
  }

  private <T> Optional<List<T>> list(
      String key, String expected, Function<ScalarNode, Optional<T>> parsing) {
    return value(key).flatMap(node -> elements(key, node, "expected: " + expected, parsing));
  }

  private <T> Optional<List<T>> elements(
      String key, Node node, String problem, Function<ScalarNode, Optional<T>> parsing) {
    if (!(node instanceof SequenceNode sequence) || sequence.getValue().size() > LONGEST_LIST) {
      wrong(key, node, problem + ", at most " + LONGEST_LIST);
      return Optional.empty();
    }
    List<T> elements = new ArrayList<>();
    for (Node each : sequence.getValue()) {
      Optional<T> element =
          each instanceof ScalarNode scalar ? parsing.apply(scalar) : Optional.empty();
      if (element.isEmpty()) {
        wrong(key, each, problem);
        return Optional.empty();
      }
      elements.add(element.get());
    }
    return Optional.of(elements);
  }

  private Optional<Node> value(String key) {
    return Optional.ofNullable(entries.get(key)).map(NodeTuple::getValueNode);
  }

  private void wrong(String key, Node value, String problem) {
    NodeTuple entry = entries.get(key);
    int place =
        entry != null && value.equals(entry.getValueNode())
            ? line(entry.getKeyNode())
            : line(value);
    error(place, pathOf(key), quote(value), problem);
  }

  private void error(int place, String where, String value, String problem) {
    String named = where.isEmpty() ? "" : where + ": ";
    String quoted = value.isEmpty() ? "" : value + " ";
    mistakes.add(file, place, named + quoted + "(" + problem + ")");
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static Optional<String> matching(Pattern pattern, String text) {
    return pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }

  /** Whole numbers beyond what an int holds are out of every range anyway. */
  private static Integer clamped(String whole) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Long.parseLong(whole)));
  }

  /** Numbers, truths and durations are written without quotes. */
  private static Optional<String> plain(Node node) {
    return node instanceof ScalarNode scalar && scalar.isPlain()
        ? Optional.of(scalar.getValue())
        : Optional.empty();
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private static String quote(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .limit(LONGEST_LIST)
          .map(each -> each instanceof ScalarNode ? quote(each) : "...")
          .collect(joining(", ", "[", "]"));
    }
    if (!(node instanceof ScalarNode scalar)) {
      return "{...}";
    }
    String text = scalar.getValue().replaceAll("\\s+", " ");
    String shown = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
    return scalar.isPlain() && !shown.isEmpty() ? shown : "\"" + shown + "\"";
  }
}
