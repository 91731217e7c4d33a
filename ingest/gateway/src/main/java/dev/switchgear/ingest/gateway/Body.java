package dev.switchgear.ingest.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a request's body within limits, before and after decompression. */
final class Body {

  private Body() {}

  /**
   * The body, decompressed.
   *
   * @throws RequestException if it is too large or not what its headers say
   * @throws IOException if the connection breaks
   */
  static byte[] read(HttpExchange exchange, int limitBytes) throws IOException {
    InputStream stream = exchange.getRequestBody();
    byte[] raw = stream.readNBytes(limitBytes + 1);
    if (raw.length > limitBytes) {
      finish(stream, limitBytes);
      throw tooLarge("body", limitBytes);
    }
    String encoding = encoding(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return switch (encoding) {
      case "identity" -> raw;
      case "gzip" -> decompressed(raw, limitBytes);
      default ->
          throw new RequestException(
              Refusal.UNKNOWN_TYPE, "Content-Encoding: " + encoding + " (expected: gzip or none)");
    };
  }

  private static String encoding(@Nullable String header) {
    return header == null || header.isBlank()
        ? "identity"
        : header.strip().toLowerCase(Locale.ROOT);
  }

  /** A sender that is not much over the limit gets to read why it is refused. */
  private static void finish(InputStream stream, int limitBytes) throws IOException {
    long left = limitBytes;
    byte[] ignored = new byte[8 << 10];
    for (int read = 0; read >= 0 && left > 0; left -= read) {
      read = stream.read(ignored);
    }
  }

  private static byte[] decompressed(byte[] raw, int limitBytes) {
    try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(raw))) {
      byte[] body = stream.readNBytes(limitBytes + 1);
      if (body.length > limitBytes) {
        throw tooLarge("decompressed body", limitBytes);
      }
      return body;
    } catch (IOException e) {
      throw new RequestException(Refusal.MALFORMED, "Not gzip: " + e.getMessage());
    }
  }

  private static RequestException tooLarge(String what, int limitBytes) {
    return new RequestException(
        Refusal.TOO_LARGE, what + " (expected: at most " + limitBytes + " bytes)");
  }
}
