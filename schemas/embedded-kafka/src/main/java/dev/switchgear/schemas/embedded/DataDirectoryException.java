package dev.switchgear.schemas.embedded;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The data directory cannot be used. The message names it and says why. */
public final class DataDirectoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DataDirectoryException(Path directory, String problem, @Nullable Throwable cause) {
    super("Data directory " + directory + ": " + problem, cause);
  }
}
