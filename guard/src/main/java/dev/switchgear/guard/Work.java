package dev.switchgear.guard;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Work to be parked.
 *
 * @param workKey items of one key are done in the order they were parked
 * @param idempotencyKey stable over all attempts: what makes doing it again harmless
 * @param payload what the replay handler needs, at most 900,000 bytes; not copied, not to be
 *     changed
 * @param contentType media type of the payload
 * @param headers whatever else the handler needs, at most 64
 * @param deadline after this moment the work is not to be done any more; null for never
 */
@SuppressWarnings("ArrayRecordComponent") // A copy of every order's bytes would buy nothing.
public record Work(
    String workKey,
    String idempotencyKey,
    byte[] payload,
    String contentType,
    Map<String, String> headers,
    @Nullable Instant deadline) {

  /** What fits with its envelope into a message of Kafka's default limit of 1 MiB. */
  private static final int PAYLOAD_BYTES = 900_000;

  private static final int HEADERS = 64;

  public Work {
    Names.check("workKey", workKey);
    Names.check("idempotencyKey", idempotencyKey);
    Names.check("contentType", contentType);
    headers = Map.copyOf(headers);
    if (payload.length > PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "payload: %d bytes (expected: at most %d; park a reference to larger data)"
              .formatted(payload.length, PAYLOAD_BYTES));
    }
    if (headers.size() > HEADERS) {
      throw new IllegalArgumentException(
          "headers: %d (expected: at most %d)".formatted(headers.size(), HEADERS));
    }
  }

  /** Work without headers or deadline, of type {@code application/octet-stream}. */
  public static Work of(String workKey, String idempotencyKey, byte[] payload) {
    return new Work(workKey, idempotencyKey, payload, "application/octet-stream", Map.of(), null);
  }
}
