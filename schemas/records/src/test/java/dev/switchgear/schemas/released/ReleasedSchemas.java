package dev.switchgear.schemas.released;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;

/** The sets of schemas that have been released, one folder each: {@code 0.1/Span.avsc}. */
final class ReleasedSchemas {

  private static final Pattern VERSION = Pattern.compile("\\d{1,4}\\.\\d{1,4}");
  private static final String SUFFIX = ".avsc";
  private static final SchemaFormatter PRETTY = SchemaFormatter.getInstance("json/pretty");

  private final Path root;

  ReleasedSchemas(Path root) {
    this.root = root;
  }

  /** Every set, by version. */
  Map<String, List<Schema>> all() {
    Map<String, List<Schema>> sets = new TreeMap<>();
    for (Path folder : list(root)) {
      sets.put(folder.getFileName().toString(), list(folder).stream().map(this::parse).toList());
    }
    return sets;
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  private Schema parse(Path file) {
    try {
      return new Schema.Parser().parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /**
   * Adds a set. What is released once is never changed: programs and records of it are in the
   * world.
   *
   * @param version MAJOR.MINOR, not released yet
   */
  void add(String version, Collection<Schema> schemas) {
    if (!VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException(
          "version: \"" + version + "\" (expected: MAJOR.MINOR, such as 0.2)");
    }
    Path folder = root.resolve(version);
    try {
      Files.createDirectories(root);
      Files.createDirectory(folder);
      for (Schema schema : schemas) {
        Files.writeString(folder.resolve(schema.getName() + SUFFIX), PRETTY.format(schema) + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot release " + version + " to " + folder + " (expected: a new folder)", e);
    }
  }
}
