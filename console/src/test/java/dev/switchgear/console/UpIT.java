package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.switchgear.adapters.openfeature.DegradingFlag;
import dev.switchgear.adapters.openfeature.SwitchgearProvider;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Switchgear;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All of Switchgear in one process, as an operator meets it. */
@Timeout(180)
class UpIT {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Pattern KAFKA = Pattern.compile("Kafka +(\\S+:\\d+), in this process");
  private static final Pattern OTLP = Pattern.compile("OTLP +http://127.0.0.1:(\\d+)");

  @TempDir private Path directory = Path.of("");

  private Path settings(String... lines) throws IOException {
    return Files.writeString(directory.resolve("s.properties"), String.join("\n", lines));
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  @Test
  void upServesBreakersAndHolds_untilCtrlC() throws Exception {
    Path config = settings("gateway.port=0");
    try (Calling up = Calling.with("up", "--port", "0", "--config", config.toString())) {
      String started = up.awaitOut(text -> text.contains("Ctrl-C ends it."));
      String kafka = find(KAFKA, started);
      int otlp = Integer.parseInt(find(OTLP, started));
      assertThat(status(otlp)).isLessThan(500);

      awaitBreaker(kafka);
      assertHoldAndRelease(kafka);
      assertAHoldSwitchesAFeatureFlag(kafka);
      assertPoliciesAreFollowed(kafka);

      assertThat(up.interrupt()).isEqualTo(ExitCode.DONE);
      assertThat(up.out()).endsWith("Stopped.\n");
      assertThat(up.err()).isEmpty();
      assertFree(otlp);
      assertFree(Integer.parseInt(kafka.substring(kafka.indexOf(':') + 1)));
    }
  }

  private static int status(int port) throws IOException {
    var connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + "/v1/traces").toURL().openConnection();
    return connection.getResponseCode();
  }

  /** A breaker comes to be by its first calls. */
  private static void awaitBreaker(String kafka) throws Exception {
    try (Switchgear caller = Switchgear.connect(kafka, "checkout")) {
      assertThat(caller.awaitReady(BOUND)).isTrue();
      Guard guard = caller.guard("search/query");
      Waiting.until(
          () -> {
            guard.call(() -> "found", why -> "nothing");
            return caller.board().state("search/query").isPresent();
          },
          BOUND);
    }
  }

  private static void assertHoldAndRelease(String kafka) {
    Called held = hold(kafka, "search/query");
    assertThat(held.err()).isEmpty();
    assertThat(held.out()).contains("search/query  HELD OPEN  0 %").contains("a drill");
    assertThat(Called.with("breakers", "--kafka", kafka).out()).contains("HELD OPEN");

    Called released = release(kafka, "search/query");
    assertThat(released.err()).isEmpty();
    assertThat(released.out()).doesNotContain("HELD");
  }

  private static void assertAHoldSwitchesAFeatureFlag(String kafka) throws Exception {
    OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
    try (Switchgear shop = Switchgear.connect(kafka, "shop")) {
      assertThat(shop.awaitReady(BOUND)).isTrue();
      api.setProviderAndWait(
          SwitchgearProvider.on(shop)
              .flag(DegradingFlag.of("list", "personal", "popular").following("recommendations"))
              .build());
      Client client = api.getClient();
      assertThat(client.getStringValue("list", "")).isEqualTo("personal");
      Waiting.until(() -> shop.board().state("flags/list").isPresent(), BOUND);

      assertThat(hold(kafka, "flags/list").err()).isEmpty();
      Waiting.until(() -> client.getStringValue("list", "").equals("popular"), BOUND);
      assertThat(
              client.getStringDetails("list", "").getFlagMetadata().getString("switchgear.reason"))
          .contains("a drill");

      assertThat(release(kafka, "flags/list").err()).isEmpty();
      Waiting.until(() -> client.getStringValue("list", "").equals("personal"), BOUND);
    } finally {
      api.shutdown();
    }
  }

  private static Called hold(String kafka, String breaker) {
    return Called.with(
        "hold", breaker, "--open", "--for=5m", "--who=alice", "--why=a drill", "--kafka", kafka);
  }

  private static Called release(String kafka, String breaker) {
    return Called.with("release", breaker, "--why=over", "--kafka", kafka);
  }

  private void assertPoliciesAreFollowed(String kafka) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("p.yaml"), "breakers: { search/*: { enforced: false } }\n");
    Called applied = Called.with("policy", "apply", file.toString(), "--kafka", kafka);
    assertThat(applied.err()).isEmpty();
    assertThat(applied.out())
        .containsPattern("1 of \\d known breakers goes by other rules then: search/query\n")
        .endsWith("Written, and every breaker above goes by it.\n");
    assertThat(Called.with("breakers", "--kafka", kafka).out()).contains("SHADOW");
    assertThat(Called.with("policy", "show", "search/query", "--kafka", kafka).err()).isEmpty();
  }

  private static void assertFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.isBound()).isTrue();
    }
  }

  @Test
  void aMalformedPolicyIsToldWithItsPlace() throws IOException {
    Path policy = Files.writeString(directory.resolve("bad.yaml"), "nonsense: [\n");
    Path config = settings("gateway.port=0");

    Called called =
        Called.with(
            "up", "--port", "0", "--config", config.toString(), "--policy", policy.toString());

    assertThat(called.err()).startsWith("switchgear: ").contains(policy + ":");
    assertThat(called.err().lines()).hasSizeLessThan(3);
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void anOccupiedGatewayPortIsTold() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path config = settings("gateway.port=" + taken.getLocalPort());

      Called called = Called.with("up", "--port", "0", "--config", config.toString());

      assertThat(called.err())
          .startsWith("switchgear: ")
          .contains(Integer.toString(taken.getLocalPort()), "gateway.port");
      assertThat(called.err().lines()).hasSizeLessThan(3);
      assertThat(called.exitCode()).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void whoInterruptsTheDemoGetsAReportThatSaysSo() throws Exception {
    Path report = directory.resolve("report.json");
    try (Calling demo = Calling.with("demo", "--once", "--report", report.toString())) {
      demo.awaitOut(text -> text.contains("=="));

      assertThat(demo.interrupt()).isEqualTo(ExitCode.INTERRUPTED);
    }
    assertThat(report).content().contains("\"passed\" : false", "interrupted");
  }
}
