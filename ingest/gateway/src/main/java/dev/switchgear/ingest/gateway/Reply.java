package dev.switchgear.ingest.gateway;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/** What a sender is answered. */
record Reply(int status, Encoding encoding, ByteString body, Map<String, String> headers) {

  private static final int NO_BODY = -1;

  void write(HttpExchange exchange) throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("Content-Type", encoding.contentType());
    boolean empty = body.isEmpty() || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? NO_BODY : body.size());
    if (!empty) {
      body.writeTo(exchange.getResponseBody());
    }
  }
}
