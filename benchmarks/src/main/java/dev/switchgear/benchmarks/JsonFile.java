package dev.switchgear.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where results go as JSON, if anywhere; known to be writable before minutes are spent. */
final class JsonFile {

  private final @Nullable Path file;

  private JsonFile(@Nullable Path file) {
    this.file = file;
  }

  /** Checks that the file can be written; what it holds stays until then. */
  static JsonFile open(@Nullable Path file, Function<String, RuntimeException> complaint) {
    if (file != null && !isWritable(file)) {
      throw complaint.apply("json: " + file + " (expected: a file that can be written)");
    }
    return new JsonFile(file);
  }

  private static boolean isWritable(Path file) {
    if (Files.exists(file)) {
      return Files.isRegularFile(file) && Files.isWritable(file);
    }
    Path directory = file.toAbsolutePath().getParent();
    return directory != null && Files.isWritable(directory);
  }

  void write(Object result) throws IOException {
    if (file != null) {
      var writer = new ObjectMapper().writerWithDefaultPrettyPrinter();
      Files.writeString(file, writer.writeValueAsString(result) + "\n");
    }
  }
}
