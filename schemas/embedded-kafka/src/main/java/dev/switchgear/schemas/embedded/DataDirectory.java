package dev.switchgear.schemas.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the node keeps its data, locked against a second node: Kafka takes its own lock only after
 * it has begun to write to the metadata log.
 */
final class DataDirectory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
  private static final String LOCK = ".switchgear-lock";

  private final Path path;
  private final boolean temporary;
  private final FileChannel lock;

  private DataDirectory(Path path, boolean temporary, FileChannel lock) {
    this.path = path;
    this.temporary = temporary;
    this.lock = lock;
  }

  /**
   * Opens and locks.
   *
   * @param given null for a temporary directory
   */
  static DataDirectory open(@Nullable Path given) {
    try {
      if (given == null) {
        Path created = Files.createTempDirectory("switchgear-kafka-");
        return new DataDirectory(created, true, lock(created));
      }
      Path path = given.toAbsolutePath().normalize();
      Files.createDirectories(path);
      refuseForeign(path);
      return new DataDirectory(path, false, lock(path));
    } catch (IOException e) {
      Path path = given == null ? Path.of(System.getProperty("java.io.tmpdir")) : given;
      throw new DataDirectoryException(path, "cannot be created or written (" + e + ")", e);
    }
  }

  private static void refuseForeign(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      if (!names.isEmpty() && !names.contains(LOCK)) {
        throw new DataDirectoryException(
            path, "holds other files (expected: an empty or new directory, or its own)", null);
      }
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("Locked by this process", e);
    }
    channel.close();
    throw new DataDirectoryException(
        path, "in use by another embedded Kafka: stop that one or choose another directory", null);
  }

  Path path() {
    return path;
  }

  /** Releases the lock; deletes the directory if it is temporary. */
  @Override
  public void close() {
    try {
      lock.close();
      if (temporary) {
        deleteAll();
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Cannot delete {}", path, e);
    }
  }

  private void deleteAll() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("Deleted by somebody else", e);
    }
  }
}
