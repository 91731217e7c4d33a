package dev.switchgear.gamedays.http;

import java.util.HashMap;
import java.util.Map;

/** One HTTP response with a JSON body. */
public record Reply(int status, Map<String, String> headers, String body) {

  public Reply {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " (expected: 200..599)");
    }
    headers = Map.copyOf(headers);
  }

  /** A response whose body is the value as JSON. */
  public static Reply json(int status, Object value) {
    return new Reply(status, Map.of(), Json.write(value));
  }

  /** A response that says what went wrong. */
  public static Reply problem(int status, String detail) {
    return json(status, Map.of("problem", detail));
  }

  /** The same response with one more header. */
  public Reply with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body);
  }
}
