package dev.switchgear.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statuses of gRPC by their names, which is how an error type tells them; OpenTelemetry's
 * {@code rpc.grpc.status_code} has their numbers. Thread-safe.
 *
 * @see <a href="https://grpc.io/docs/guides/status-codes/">gRPC: status codes</a>
 */
public final class GrpcStatus {

  /** No error. */
  public static final String OK = "OK";

  /** In the order of their numbers; the first is no error. */
  private static final List<String> NAMES =
      List.of(
          OK,
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS",
          "UNAUTHENTICATED");

  private GrpcStatus() {}

  /** The name of a status that is an error; null for OK, for none and for what is no status. */
  public static @Nullable String errorOf(@Nullable String number) {
    for (int i = 1; i < NAMES.size(); i++) {
      if (Integer.toString(i).equals(number)) {
        return NAMES.get(i);
      }
    }
    return null;
  }
}
