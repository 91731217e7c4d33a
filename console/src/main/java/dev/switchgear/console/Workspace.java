package dev.switchgear.console;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The directory that the parts of this process keep their data in. */
final class Workspace implements AutoCloseable {

  private final Path directory;
  private final boolean temporary;

  private Workspace(Path directory, boolean temporary) {
    this.directory = directory;
    this.temporary = temporary;
  }

  /**
   * Opens it.
   *
   * @param directory made if it is not there, and kept; null for a temporary one
   */
  static Workspace open(@Nullable Path directory) {
    try {
      return directory == null
          ? new Workspace(Files.createTempDirectory("switchgear-"), true)
          : new Workspace(Files.createDirectories(directory), false);
    } catch (IOException e) {
      String what = directory == null ? "A temporary directory" : "--data: " + directory;
      throw ConsoleException.failed(
          what + " cannot be made (" + e + "). Choose a directory with --data", e);
    }
  }

  Path directory() {
    return directory;
  }

  boolean temporary() {
    return temporary;
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      Files.walkFileTree(directory, new Deletion());
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
        throws IOException {
      Files.deleteIfExists(visited);
      return FileVisitResult.CONTINUE;
    }
  }
}
