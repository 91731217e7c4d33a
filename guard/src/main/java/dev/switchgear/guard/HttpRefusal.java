package dev.switchgear.guard;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal as an HTTP server tells it to its client.
 *
 * @param status 429 where a rate limit refused, 504 where there was no time left, else 503
 * @param headers {@code Retry-After} (RFC 9110) in seconds, and where a rate limit refused {@code
 *     RateLimit-Policy} and {@code RateLimit} as in draft-ietf-httpapi-ratelimit-headers-11, whose
 *     windows are full seconds: of 10 calls in 100 ms, 100 in a second are told
 */
public record HttpRefusal(int status, Map<String, String> headers) {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;
  private static final int TIMED_OUT = 504;

  public HttpRefusal {
    headers = Map.copyOf(headers);
  }

  /** How to tell a refusal. */
  public static HttpRefusal of(Refusal refusal) {
    Map<String, String> headers = new LinkedHashMap<>();
    long seconds = seconds(refusal.retryAfter());
    headers.put("Retry-After", Long.toString(seconds));
    Refusal.Quota quota = refusal.quota();
    if (quota != null) {
      String name = quoted(quota.name());
      headers.put("RateLimit-Policy", name + policy(quota.limit()));
      headers.put("RateLimit", "%s;r=0;t=%d".formatted(name, seconds));
    }
    return new HttpRefusal(status(refusal.stage()), headers);
  }

  /** A window is full seconds: it is rounded up, and gets the calls that its length has. */
  private static String policy(RateLimit limit) {
    long window = seconds(limit.per());
    long calls = Duration.ofSeconds(window).multipliedBy(limit.calls()).dividedBy(limit.per());
    return ";q=%d;w=%d".formatted(calls, window);
  }

  private static int status(Stage stage) {
    return switch (stage) {
      case RATE_LIMIT -> TOO_MANY_REQUESTS;
      case DEADLINE -> TIMED_OUT;
      case BREAKER, BULKHEAD -> UNAVAILABLE;
    };
  }

  /** Full seconds, one at least: a client told 0 is back at once. */
  private static long seconds(Duration duration) {
    return Math.max(1, duration.plusSeconds(1).minusNanos(1).toSeconds());
  }

  /** A string of RFC 9651, which is ASCII; what is not is told as a question mark. */
  private static String quoted(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    name.chars().forEach(c -> quoted.append(printable(c)));
    return quoted.append('"').toString();
  }

  private static String printable(int c) {
    if (c == '"' || c == '\\') {
      return "\\" + (char) c;
    }
    return c >= ' ' && c <= '~' ? Character.toString(c) : "?";
  }
}
