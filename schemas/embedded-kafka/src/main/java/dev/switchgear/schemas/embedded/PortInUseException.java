package dev.switchgear.schemas.embedded;

import java.io.IOException;

/** The port asked for is taken. The message names it and says what to do. Nothing was written. */
public final class PortInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int port;

  PortInUseException(int port, IOException cause) {
    super(
        "Port "
            + port
            + " is taken: stop the program that listens there, or choose another port"
            + " (0 takes a free one)",
        cause);
    this.port = port;
  }

  /** The port that is taken. */
  public int port() {
    return port;
  }
}
