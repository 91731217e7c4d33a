package dev.switchgear.gamedays.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request.
 *
 * @param query decoded parameters; of a repeated name the last
 * @param headers by lower-case name; of a repeated name the first
 */
public record Request(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    String body) {

  public Request {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** A header by its lower-case name. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Whether this is the given method and path. */
  public boolean is(String wantedMethod, String wantedPath) {
    return method.equals(wantedMethod) && path.equals(wantedPath);
  }
}
