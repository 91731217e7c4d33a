package dev.switchgear.ingest.gateway;

import org.jspecify.annotations.Nullable;

/** The gateway cannot listen where it should. The message says where, why and what to do. */
public final class GatewayAddressException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private GatewayAddressException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static GatewayAddressException taken(String host, int port, Throwable cause) {
    return new GatewayAddressException(
        "Port "
            + port
            + " of "
            + host
            + " is taken: stop the program that listens there, or choose another gateway.port"
            + " (0 takes a free one)",
        cause);
  }

  static GatewayAddressException unusable(String host, int port, @Nullable Throwable cause) {
    return new GatewayAddressException(
        "Cannot listen on port "
            + port
            + " of "
            + host
            + ": gateway.host has to be an address of this machine"
            + (cause == null ? "" : " (" + cause.getMessage() + ")"),
        cause);
  }
}
