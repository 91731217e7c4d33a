package dev.switchgear.detector;

import dev.switchgear.schemas.GrpcStatus;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What OpenTelemetry's histograms of outgoing calls say of a call: whom it was made to, and what it
 * failed of. The names are those of its semantic conventions, the older ones included that agents
 * still write.
 */
final class CallMetrics {

  private static final Set<String> NAMES =
      Set.of(
          "http.client.request.duration",
          "http.client.duration",
          "rpc.client.call.duration",
          "rpc.client.duration",
          "db.client.operation.duration",
          "messaging.client.operation.duration");

  private static final String[] DEPENDENCY = {
    "service.peer.name", "peer.service", "server.address"
  };
  private static final String[] OPERATION = {
    "rpc.method", "messaging.operation.name", "db.operation.name"
  };
  private static final String[] HTTP_STATUS = {"http.response.status_code", "http.status_code"};
  private static final int LONGEST_ERROR_TYPE = 100;

  private CallMetrics() {}

  /** Whether the point is of a histogram of outgoing calls, to somebody who is named. */
  static boolean isOfCalls(MetricPoint point) {
    return point.getKind() == MetricKind.HISTOGRAM
        && NAMES.contains(point.getName())
        && dependency(point) != null;
  }

  /** Whom the calls were made to; null where the point does not say. */
  static @Nullable String dependency(MetricPoint point) {
    return first(point, DEPENDENCY);
  }

  static @Nullable String operation(MetricPoint point) {
    return first(point, OPERATION);
  }

  /** What all of the point's calls failed of; null if they did not. */
  static @Nullable String errorType(MetricPoint point) {
    String type = first(point, "error.type");
    if (type == null) {
      type = GrpcStatus.errorOf(first(point, "rpc.grpc.status_code"));
    }
    if (type == null) {
      type = httpError(point);
    }
    return type == null || type.length() <= LONGEST_ERROR_TYPE
        ? type
        : type.substring(0, LONGEST_ERROR_TYPE);
  }

  /** How many nanoseconds one of the point's unit is. */
  static double nanos(MetricPoint point) {
    return switch (point.getUnit()) {
      case "s" -> 1e9;
      case "ms" -> 1e6;
      case "us" -> 1e3;
      case "ns" -> 1;
      default -> throw Names.bad("unit", "\"" + point.getUnit() + "\"", "s, ms, us or ns");
    };
  }

  /** What tells one series of an instance from another; no name holds the character between. */
  static String series(MetricPoint point) {
    StringBuilder series = new StringBuilder(histogram(point));
    new TreeMap<>(point.getAttributes())
        .forEach((key, value) -> series.append('\0').append(key).append('=').append(value));
    return series.toString();
  }

  /** What tells one histogram of an instance from another. */
  static String histogram(MetricPoint point) {
    return point.getService() + '\0' + point.getInstance() + '\0' + point.getName();
  }

  /** As for spans: where nobody says more, the server's own failures are failures. */
  private static @Nullable String httpError(MetricPoint point) {
    String status = first(point, HTTP_STATUS);
    return status != null && status.length() == 3 && status.startsWith("5") ? status : null;
  }

  private static @Nullable String first(MetricPoint point, String... keys) {
    Map<String, String> attributes = point.getAttributes();
    for (String key : keys) {
      String value = attributes.get(key);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return null;
  }
}
