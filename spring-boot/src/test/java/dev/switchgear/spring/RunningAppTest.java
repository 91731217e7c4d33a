package dev.switchgear.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.adapters.jdbc.GuardedDataSource;
import dev.switchgear.adapters.jdbc.Lane;
import dev.switchgear.adapters.jdk.GuardedHttpClient;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.Switchgear;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A web application that runs, servlet and reactive, seen through its port. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningAppTest {

  private static final String[] ARGUMENTS = {
    "--switchgear.guards.slow.timeout=50ms",
    "--switchgear.guards.silent.timeout=50ms",
    "--switchgear.guards.limited.rate-limit.calls=1",
    "--switchgear.guards.limited.rate-limit.per=1h",
    "--switchgear.guards.fleet-limited.fleet-rate-limit.alone.calls=1",
    "--switchgear.guards.fleet-limited.fleet-rate-limit.alone.per=1h",
    "--management.endpoints.web.exposure.include=*",
    "--management.endpoint.health.show-details=always"
  };

  private static final HttpRequest BANK =
      HttpRequest.newBuilder(URI.create("http://bank/")).build();
  private static final Duration LATER = Duration.ofMillis(100);
  private static final Refusal DOWN =
      new Refusal(Stage.BREAKER, "bank", 1, "down", LATER, List.of(), null);

  private final App servlet = App.start(WebApplicationType.SERVLET, Beans.class, ARGUMENTS);
  private final App reactive = App.start(WebApplicationType.REACTIVE, Beans.class, ARGUMENTS);

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    Payments payments() {
      return new Payments();
    }

    @Bean
    OwnAdvice ownAdvice() {
      return new OwnAdvice();
    }

    @Bean
    Shop shop(Payments payments) {
      return new Shop(payments);
    }

    @Bean
    Clients clients(Switchgear gear) {
      return new Clients(gear);
    }
  }

  static final class OrderFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OrderFailed(Exception cause) {
      super(cause);
    }
  }

  @ControllerAdvice
  static class OwnAdvice {
    @ExceptionHandler
    ResponseEntity<String> failed(OrderFailed failed) {
      return ResponseEntity.status(HttpStatus.CONFLICT).body("later");
    }
  }

  /** Lets the exceptions of guarded clients through. */
  @RestController
  static class Clients {
    private final HttpClient http;
    private final DataSource database;

    Clients(Switchgear gear) {
      http = GuardedHttpClient.of(HttpClient.newHttpClient(), Guards.named(gear, "bank"));
      Lane lane = Lane.of(noDatabase(), Guards.named(gear, "bank"));
      database = GuardedDataSource.of(lane, lane);
    }

    private static DataSource noDatabase() {
      InvocationHandler none =
          (proxy, method, arguments) -> {
            throw new SQLFeatureNotSupportedException(method.getName());
          };
      Class<?>[] types = {DataSource.class};
      return (DataSource) Proxy.newProxyInstance(Clients.class.getClassLoader(), types, none);
    }

    @GetMapping("/http")
    String http() throws IOException, InterruptedException {
      return http.send(BANK, HttpResponse.BodyHandlers.ofString()).body();
    }

    @GetMapping("/http-future")
    CompletableFuture<String> httpFuture() {
      return http.sendAsync(BANK, HttpResponse.BodyHandlers.ofString())
          .thenApply(HttpResponse::body);
    }

    @GetMapping("/http-mono")
    Mono<String> httpMono() {
      return Mono.fromFuture(this::httpFuture);
    }

    @GetMapping("/sql")
    String sql() throws SQLException {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        return Boolean.toString(statement.execute("select 1"));
      }
    }

    @GetMapping("/sql-translated")
    String sqlTranslated() {
      try {
        return sql();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @GetMapping("/http-limited")
    String httpLimited() throws IOException {
      Refusal.Quota quota = new Refusal.Quota("bank", RateLimit.perMinute(3));
      throw new CallRefusedException(
          new Refusal(Stage.RATE_LIMIT, "bank", 0, "over", LATER, List.of(), quota));
    }

    @GetMapping("/own-http")
    String own() {
      throw new OrderFailed(new CallRefusedException(DOWN));
    }
  }

  @RestController
  static class Shop {
    private final Payments payments;

    Shop(Payments payments) {
      this.payments = payments;
    }

    @GetMapping("/charge")
    String charge(@RequestParam("order") String order) throws IOException {
      return payments.charge(order);
    }

    @GetMapping("/declared")
    String declared() throws IOException, RefusedException {
      return payments.declared("shoes");
    }

    @GetMapping("/mono")
    Mono<String> mono() {
      return payments.plainMono();
    }

    @GetMapping("/limited")
    String limited() {
      return payments.limited();
    }

    @GetMapping("/fleet-limited")
    String fleetLimited() {
      return payments.fleetLimited();
    }

    @GetMapping("/slow-future")
    CompletableFuture<String> slowFuture() {
      return payments.slowFuture();
    }

    @GetMapping("/slow-mono")
    Mono<String> slowMono() {
      return payments.slowMono();
    }

    @GetMapping("/slow-flux")
    Flux<String> slowFlux() {
      return payments.silent();
    }

    @GetMapping("/own")
    String own() {
      throw new OrderFailed(new RefusedException(DOWN));
    }

    @GetMapping("/slow")
    String slow() throws InterruptedException {
      return payments.slow();
    }
  }

  @AfterAll
  void close() {
    servlet.close();
    reactive.close();
  }

  private App app(WebApplicationType type) {
    return type == WebApplicationType.SERVLET ? servlet : reactive;
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aRefusalThatReachesTheController_is503WithRetryAfter(WebApplicationType type)
      throws Exception {
    App app = app(type);
    assertThat(app.get("/declared").statusCode()).isEqualTo(200);
    assertThat(app.get("/mono").statusCode()).isEqualTo(200);

    app.fleet.open("payments");
    for (String path : List.of("/declared", "/mono")) {
      HttpResponse<String> refused = app.get(path);
      assertThat(refused.statusCode()).as(path).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).as(path).isPresent();
      assertThat(refused.body()).as(path).doesNotContain("payments");
    }
    app.fleet.closed("payments");
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void overTheRateLimit_is429WithItsFields(WebApplicationType type) throws Exception {
    App app = app(type);
    assertThat(app.get("/limited").body()).isEqualTo("within the limit");

    HttpResponse<String> refused = app.get("/limited");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().map())
        .containsKeys("retry-after", "ratelimit", "ratelimit-policy");
    assertThat(refused.headers().firstValue("RateLimit-Policy")).contains("\"limited\";q=1;w=3600");
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void overTheShareOfTheFleetsLimit_is429WithTheFleetsFields(WebApplicationType type)
      throws Exception {
    App app = app(type);
    assertThat(app.get("/fleet-limited").body()).isEqualTo("within the share");
    HttpResponse<String> alone = app.get("/fleet-limited");
    assertThat(alone.statusCode()).isEqualTo(429);
    assertThat(alone.headers().firstValue("RateLimit-Policy"))
        .contains("\"fleet-limited\";q=1;w=3600");

    app.fleet.share("fleet-limited", RateLimit.perMinute(100), Map.of("*", 2L));
    app.fleet.pass(Duration.ofMinutes(1));
    assertThat(app.get("/fleet-limited").statusCode()).isEqualTo(200);
    assertThat(app.get("/fleet-limited").statusCode()).isEqualTo(200);
    HttpResponse<String> shared = app.get("/fleet-limited");
    assertThat(shared.statusCode()).isEqualTo(429);
    assertThat(shared.headers().map()).containsKeys("retry-after", "ratelimit");
    assertThat(shared.headers().firstValue("RateLimit-Policy"))
        .contains("\"fleet-limited\";q=100;w=60");
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatTakesTooLong_is504(WebApplicationType type) throws Exception {
    for (String path : List.of("/slow", "/slow-future", "/slow-mono", "/slow-flux")) {
      assertThat(app(type).get(path).statusCode()).as(path).isEqualTo(504);
    }
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void theApplicationsOwnHandler_isAskedFirst(WebApplicationType type) throws Exception {
    for (String path : List.of("/own", "/own-http")) {
      assertThat(app(type).get(path).statusCode()).as(path).isEqualTo(409);
    }
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatAGuardedClientRefuses_isToldLikeEveryRefusal(WebApplicationType type) throws Exception {
    App app = app(type);
    app.fleet.open("bank");

    for (String path : List.of("/http", "/http-future", "/http-mono", "/sql", "/sql-translated")) {
      HttpResponse<String> refused = app.get(path);
      assertThat(refused.statusCode()).as(path).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).as(path).isPresent();
      assertThat(refused.body()).as(path).doesNotContain("bank");
    }
    HttpResponse<String> limited = app.get("/http-limited");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("RateLimit-Policy")).contains("\"bank\";q=3;w=60");
    assertThat(limited.headers().firstValue("RateLimit")).contains("\"bank\";r=0;t=1");
    app.fleet.closed("bank");
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void theEndpoint_tellsWhatIsBelieved(WebApplicationType type) throws Exception {
    App app = app(type);
    app.fleet.open("payments/charge");
    assertThat(app.get("/charge?order=shoes").body())
        .isEqualTo("pending shoes because refused by breaker");
    app.fleet.pass(Duration.ofSeconds(3));

    JsonNode all = app.json("/actuator/switchgear");
    assertThat(all.path("service").asText()).isEqualTo("checkout");
    assertThat(all.path("fleetHeard").asBoolean()).isTrue();
    assertThat(all.path("breakers").findValuesAsText("breaker")).contains("slow", "limited");

    JsonNode charge = app.json("/actuator/switchgear/payments/charge");
    assertThat(charge.path("state").asText()).isEqualTo("OPEN");
    assertThat(charge.path("epoch").asLong()).isPositive();
    assertThat(charge.path("reason").asText()).isEqualTo("as the test wants it");
    assertThat(charge.path("age").asText()).isEqualTo("PT3S");
    assertThat(charge.path("stale").isBoolean()).isTrue();
    assertThat(charge.path("source").asText()).isEqualTo("FLEET");
    assertThat(charge.path("refusals").asLong()).isEqualTo(1);
    assertThat(app.get("/actuator/switchgear/payments/unknown").statusCode()).isEqualTo(404);
    app.fleet.closed("payments/charge");
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void anOpenBreaker_makesNoSickService(WebApplicationType type) throws Exception {
    App app = app(type);
    app.fleet.open("payments/plain-mono");

    HttpResponse<String> health = app.get("/actuator/health");
    JsonNode contributed = app.json("/actuator/health").path("components").path("switchgear");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(contributed.path("status").asText()).isEqualTo("UP");
    assertThat(contributed.path("details").path("refusing").asInt()).isEqualTo(1);
    assertThat(contributed.path("details").path("fleetHeard").asBoolean()).isTrue();
    app.fleet.closed("payments/plain-mono");
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void meters_tellCallsRefusalsDegradationsAndStates(WebApplicationType type) throws Exception {
    App app = app(type);
    app.fleet.closed("payments/charge");
    app.get("/charge?order=shoes");
    app.get("/charge?order=down");
    app.fleet.open("payments/charge");
    app.get("/charge?order=shoes");
    app.fleet.pass(Duration.ofSeconds(1));
    app.bean(GuardMeters.class).look();

    MeterRegistry meters = app.bean(MeterRegistry.class);
    assertThat(counter(meters, "switchgear.guard.calls", "outcome", "success")).isPositive();
    assertThat(counter(meters, "switchgear.guard.calls", "outcome", "error")).isPositive();
    assertThat(counter(meters, "switchgear.guard.refusals", "breaker", "payments/charge"))
        .isPositive();
    assertThat(counter(meters, "switchgear.guard.degraded", "fallback", "pending")).isPositive();
    assertThat(gauge(meters, "switchgear.breaker.state", "state", "open")).isEqualTo(1);
    assertThat(gauge(meters, "switchgear.breaker.state", "state", "closed")).isZero();
    assertThat(gauge(meters, "switchgear.breaker.admitted", "breaker", "payments/charge")).isZero();
    app.fleet.closed("payments/charge");
  }

  private static double counter(MeterRegistry meters, String name, String key, String value) {
    return meters
        .get(name)
        .tag("breaker", "payments/charge")
        .tag(key, value)
        .functionCounter()
        .count();
  }

  private static double gauge(MeterRegistry meters, String name, String key, String value) {
    return meters.get(name).tag("breaker", "payments/charge").tag(key, value).gauge().value();
  }
}
