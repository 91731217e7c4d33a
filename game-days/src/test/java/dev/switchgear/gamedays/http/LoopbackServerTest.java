package dev.switchgear.gamedays.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopbackServerTest {

  private final LoopbackServer server =
      LoopbackServer.start(Threads.bounded("test", 2), LoopbackServerTest::echo);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static CompletableFuture<Reply> echo(Request request) {
    if (request.is("GET", "/broken")) {
      return CompletableFuture.failedFuture(new IllegalStateException("out of order"));
    }
    return CompletableFuture.completedFuture(
        Reply.json(200, Map.of("body", request.body(), "query", request.query()))
            .with("x-asked", String.valueOf(request.header("x-ask"))));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path));
  }

  @Test
  void aRequestArrivesWithBodyHeadersAndDecodedQuery() throws Exception {
    HttpResponse<String> response =
        send(
            request("/?q=oak%20desk&flag")
                .header("X-Ask", "yes")
                .POST(BodyPublishers.ofString("hello")));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"body\":\"hello\"").contains("\"q\":\"oak desk\"");
    assertThat(response.headers().firstValue("x-asked")).contains("yes");
  }

  @Test
  void aHandlerThatFailsIsAnsweredFor() throws Exception {
    HttpResponse<String> response = send(request("/broken").GET());

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("out of order");
  }

  @Test
  void aBodyOverTheLimitIsRefused() throws Exception {
    HttpResponse<String> response =
        send(request("/").POST(BodyPublishers.ofString("x".repeat(64 * 1024 + 1))));

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void aClosedPortRefusesConnectionsAndOpensAgainAtTheSamePlace() throws Exception {
    URI before = server.uri();
    assertThat(send(request("/").GET()).statusCode()).isEqualTo(200);

    server.closePort();
    assertThatThrownBy(() -> send(request("/").GET())).isInstanceOf(ConnectException.class);

    server.openPort();
    assertThat(server.uri()).isEqualTo(before);
    assertThat(send(request("/").GET()).statusCode()).isEqualTo(200);
  }

  @Test
  void openingAnOpenPortAndClosingAClosedOneChangesNothing() throws Exception {
    server.openPort();
    server.closePort();
    server.closePort();
    server.openPort();

    assertThat(send(request("/").GET()).statusCode()).isEqualTo(200);
  }
}
