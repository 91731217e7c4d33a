package dev.switchgear.ingest.outlet;

import dev.switchgear.schemas.GrpcStatus;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the detector judges a span by, read out of its attributes.
 *
 * @param dependency what is called; null where nothing is
 * @param operation the dependency's operation, where the span names one
 * @param errorType why the call failed; null where it did not, or nothing says why
 * @param guarded whether a guard has counted the call already
 */
public record Call(
    @Nullable String dependency,
    @Nullable String operation,
    @Nullable String errorType,
    boolean guarded) {

  /** The attribute that marks a call that a guard counts. */
  public static final String GUARDED = "switchgear.guarded";

  private static final int SERVER_ERROR = 500;

  /**
   * Reads a span.
   *
   * @param recorded {@code exception.type} of the last exception event; null without one
   */
  public static Call of(
      SpanKind kind, SpanStatus status, Texts attributes, @Nullable String recorded) {
    boolean calls = kind == SpanKind.CLIENT || kind == SpanKind.PRODUCER;
    String dependency =
        calls ? attributes.firstOf("service.peer.name", "peer.service", "server.address") : null;
    String operation =
        dependency == null
            ? null
            : attributes.firstOf("rpc.method", "messaging.operation.name", "db.operation.name");
    boolean guarded = "true".equals(attributes.firstOf(GUARDED));
    return new Call(dependency, operation, errorType(status, attributes, recorded), guarded);
  }

  /** From start to end; refuses what cannot be. */
  public static long durationNanos(long startEpochNanos, long endEpochNanos) {
    if (startEpochNanos <= 0 || endEpochNanos < startEpochNanos) {
      throw new IllegalArgumentException(
          "span: %d..%d ns (expected: end not before start, after 1970)"
              .formatted(startEpochNanos, endEpochNanos));
    }
    return endEpochNanos - startEpochNanos;
  }

  /**
   * An {@code error.type} alone says that the call failed. An exception or an HTTP status does not:
   * it may have been expected.
   */
  private static @Nullable String errorType(
      SpanStatus status, Texts attributes, @Nullable String recorded) {
    String type = attributes.firstOf("error.type");
    String code = attributes.firstOf("http.response.status_code", "http.status_code");
    if (type != null || !isFailure(status, code)) {
      return type;
    }
    String answered = answered(attributes);
    String thrown = answered != null ? answered : attributes.firstOf("exception.type");
    if (thrown != null) {
      return thrown;
    }
    return recorded != null && !recorded.isBlank()
        ? Texts.cut(recorded.strip(), Texts.NAME_CHARS)
        : code;
  }

  /** Says more than the exception that a client makes of it, which is the same for all. */
  private static @Nullable String answered(Texts attributes) {
    String grpc = GrpcStatus.errorOf(attributes.firstOf("rpc.grpc.status_code"));
    if (grpc != null) {
      return grpc;
    }
    String code = attributes.firstOf("rpc.response.status_code", "db.response.status_code");
    return GrpcStatus.OK.equals(code) ? null : code;
  }

  private static boolean isFailure(SpanStatus status, @Nullable String code) {
    return status == SpanStatus.ERROR || (status != SpanStatus.OK && isServerError(code));
  }

  private static boolean isServerError(@Nullable String code) {
    return code != null && code.matches("[5-9]\\d\\d") && Integer.parseInt(code) >= SERVER_ERROR;
  }
}
