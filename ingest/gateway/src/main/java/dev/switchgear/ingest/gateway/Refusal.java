package dev.switchgear.ingest.gateway;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a request is refused: its HTTP status, gRPC's code for the same, and what goes with it. */
enum Refusal {
  MALFORMED(400, 3),
  NO_SUCH_PATH(404, 5),
  NOT_POST(405, 12, "Allow", "POST"),
  TOO_LARGE(413, 8),
  UNKNOWN_TYPE(415, 3),
  /** Worth another attempt soon: there is no room right now. */
  BUSY(429, 8, "Retry-After", "1"),
  BROKEN(500, 13),
  /** Worth another attempt later: Kafka does not answer, or the gateway stops. */
  UNAVAILABLE(503, 14, "Retry-After", "5");

  private final int status;
  private final int code;
  private final @Nullable String header;
  private final String headerValue;

  Refusal(int status, int code) {
    this(status, code, null, "");
  }

  Refusal(int status, int code, @Nullable String header, String headerValue) {
    this.status = status;
    this.code = code;
    this.header = header;
    this.headerValue = headerValue;
  }

  Reply reply(Encoding encoding, String message) {
    Map<String, String> headers = header == null ? Map.of() : Map.of(header, headerValue);
    return new Reply(status, encoding, encoding.status(code, message), headers);
  }
}
