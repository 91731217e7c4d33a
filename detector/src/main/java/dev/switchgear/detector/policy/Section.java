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
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

  private final String file;
  private final String path;
  private final int line;
  private final Map<String, NodeTuple> entries = new LinkedHashMap<>();

  /**
   * A mapping of which any key may be used.
   *
   * @param path keys that lead here, separated by dots; empty at the top
   */
  Section(String file, String path, Node node) {
    this.file = file;
    this.path = path;
    this.line = line(node);
    if (!(node instanceof MappingNode mapping)) {
      throw error(line, path, quote(node), "expected: keys with values", null);
    }
    mapping.getValue().forEach(this::add);
  }

  /** The keys, in the order of the file. */
  Set<String> keys() {
    return entries.keySet();
  }

  /** This section, if it has no other keys than these. */
  Section allowing(Set<String> known) {
    for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        String nearest =
            NearestName.of(entry.getKey(), known)
                .map(name -> "did you mean " + name + "? ")
                .orElse("");
        String expected = nearest + "expected: " + String.join(", ", new TreeSet<>(known));
        throw wrong(entry.getKey(), entry.getValue().getValueNode(), "no such key; " + expected);
      }
    }
    return this;
  }

  Optional<Section> section(String key) {
    return value(key).map(node -> new Section(file, pathOf(key), node));
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

  /**
   * Makes a value whose constructor checks ranges. Its complaint begins with the name of the key,
   * and is told again with the place.
   */
  <T> T checked(Supplier<T> construction) {
    try {
      return construction.get();
    } catch (IllegalArgumentException e) {
      String message = Durations.humanize(String.valueOf(e.getMessage()));
      String key = message.substring(0, Math.max(0, message.indexOf(':')));
      NodeTuple entry = entries.get(key);
      int place = entry == null ? line : line(entry.getKeyNode());
      throw new PolicyException(file, place, pathOf(message), e);
    }
  }

  /** What is wrong with the value of a key of this section. */
  PolicyException wrong(String key, String problem) {
    NodeTuple entry = entries.get(key);
    return entry == null
        ? error(line, pathOf(key), "", problem, null)
        : wrong(key, entry.getValueNode(), problem);
  }

  private void add(NodeTuple entry) {
    Node node = entry.getKeyNode();
    if (!(node instanceof ScalarNode scalar)) {
      throw error(line(node), path, quote(node), "expected: a key", null);
    }
    NodeTuple first = entries.putIfAbsent(scalar.getValue(), entry);
    if (first != null) {
      String problem = "written twice; expected: once, as on line " + line(first.getKeyNode());
      throw error(
          line(node), pathOf(scalar.getValue()), quote(entry.getValueNode()), problem, null);
    }
  }

  private <T> Optional<T> scalar(
      String key, String expected, Function<String, Optional<T>> parsing) {
    return value(key)
        .map(
            node ->
                plain(node)
                    .flatMap(parsing)
                    .orElseThrow(() -> wrong(key, node, "expected: " + expected)));
  }

  private <T> Optional<List<T>> list(
      String key, String expected, Function<ScalarNode, Optional<T>> parsing) {
    return value(key).map(node -> elements(key, node, "expected: " + expected, parsing));
  }

  private <T> List<T> elements(
      String key, Node node, String problem, Function<ScalarNode, Optional<T>> parsing) {
    if (!(node instanceof SequenceNode sequence) || sequence.getValue().size() > LONGEST_LIST) {
      throw wrong(key, node, problem + ", at most " + LONGEST_LIST);
    }
    List<T> elements = new ArrayList<>();
    for (Node each : sequence.getValue()) {
      Optional<T> element =
          each instanceof ScalarNode scalar ? parsing.apply(scalar) : Optional.empty();
      elements.add(element.orElseThrow(() -> wrong(key, each, problem)));
    }
    return elements;
  }

  private Optional<Node> value(String key) {
    return Optional.ofNullable(entries.get(key)).map(NodeTuple::getValueNode);
  }

  private PolicyException wrong(String key, Node value, String problem) {
    NodeTuple entry = entries.get(key);
    int place =
        entry != null && value.equals(entry.getValueNode())
            ? line(entry.getKeyNode())
            : line(value);
    return error(place, pathOf(key), quote(value), problem, null);
  }

  private PolicyException error(
      int place, String where, String value, String problem, @Nullable Throwable cause) {
    String named = where.isEmpty() ? "" : where + ": ";
    String quoted = value.isEmpty() ? "" : value + " ";
    return new PolicyException(file, place, named + quoted + "(" + problem + ")", cause);
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

  private static int line(Node node) {
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
