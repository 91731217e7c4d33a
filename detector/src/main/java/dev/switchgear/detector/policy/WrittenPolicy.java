package dev.switchgear.detector.policy;

import dev.switchgear.schemas.Policy;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What somebody wrote for one pattern, and where. It is known to be well-formed; whether its values
 * go together with what it inherits only a {@link PolicyBook} knows. Immutable.
 */
public final class WrittenPolicy {

  /**
   * Where it was written. Of the same pattern the topic's counts first, and inherits the file's.
   */
  enum Layer {
    TOPIC,
    FILE
  }

  /** What is written has a version; 0 is the built-in policy's. */
  static final long FIRST_VERSION = 1;

  private final BreakerPattern pattern;
  private final Layer layer;
  private final String file;
  private final String path;
  private final Node node;
  private final OptionalLong version;
  private final @Nullable Policy record;

  /**
   * One pattern.
   *
   * @param file how messages name the document
   * @param path keys that lead to the node in it
   * @param node what is written
   * @param version empty where nobody wrote one
   * @param record what it was read from, where that is the topic
   */
  WrittenPolicy(
      BreakerPattern pattern,
      Layer layer,
      String file,
      String path,
      Node node,
      OptionalLong version,
      @Nullable Policy record) {
    this.pattern = pattern;
    this.layer = layer;
    this.file = file;
    this.path = path;
    this.node = node;
    this.version = version;
    this.record = record;
  }

  /** Which breakers it names. */
  public String pattern() {
    return pattern.text();
  }

  /** The version that was written with it. */
  public OptionalLong version() {
    return version;
  }

  /** For people: {@code FILE:LINE}, or the topic. */
  public String source() {
    return layer == Layer.FILE ? file + ":" + Section.line(node) : file;
  }

  /** {@code FILE:LINE: KEY} of its version, to say what is wrong with it. */
  public String placeOfVersion() {
    Optional<Node> written = section(new Mistakes()).node("version");
    String key = path.isEmpty() ? "version" : path + ".version";
    return file + ":" + Section.line(written.orElse(node)) + ": " + key;
  }

  /** The record of the topic that says so; empty for a file. */
  public Optional<Policy> record() {
    return Optional.ofNullable(record);
  }

  BreakerPattern breakers() {
    return pattern;
  }

  Layer layer() {
    return layer;
  }

  Section section(Mistakes mistakes) {
    return new Section(mistakes, file, path, node);
  }

  /** Whether the key is written here, and not inherited. */
  boolean says(String key) {
    return section(new Mistakes()).says(key);
  }
}
