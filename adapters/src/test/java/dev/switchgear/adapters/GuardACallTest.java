package dev.switchgear.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import dev.switchgear.adapters.armeria.GuardClient;
import dev.switchgear.adapters.grpc.GuardClientInterceptor;
import dev.switchgear.adapters.jdbc.GuardedDataSource;
import dev.switchgear.adapters.jdbc.Lane;
import dev.switchgear.adapters.jdk.GuardedHttpClient;
import dev.switchgear.adapters.okhttp.GuardInterceptor;
import dev.switchgear.adapters.resilience4j.FleetCircuitBreaker;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.TestGear;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/guard-a-call.md on libraries, run. */
@Timeout(30)
class GuardACallTest {

  private final TestGear test = TestGear.of("checkout");
  private final Switchgear gear = test.gear();
  private final Bank bank;

  GuardACallTest() throws IOException {
    bank = new Bank();
  }

  @AfterEach
  void close() {
    bank.close();
    test.close();
  }

  @Test
  void httpClientOfTheJdk() throws Exception {
    Guards<HttpRequest> payments =
        Guards.<HttpRequest>named(gear, "payments").timeout(Duration.ofSeconds(2)).bulkhead(32);
    Guards<HttpRequest> byHost = Guards.by(gear, request -> request.uri().getHost());
    HttpClient client = GuardedHttpClient.of(HttpClient.newHttpClient(), payments);
    HttpClient other = GuardedHttpClient.of(HttpClient.newHttpClient(), byHost);

    HttpRequest request = HttpRequest.newBuilder(bank.uri("/status/200")).build();
    client.send(request, BodyHandlers.ofString());
    other.send(request, BodyHandlers.ofString());

    assertThat(test.seen("payments").calls()).isEqualTo(1);
    assertThat(test.seen("127.0.0.1").calls()).isEqualTo(1);
  }

  @Test
  void okHttp() throws IOException {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .addInterceptor(GuardInterceptor.of(Guards.named(gear, "payments")))
            .build();
    Call.Factory carrying = GuardInterceptor.carrying(client);

    Request request = new Request.Builder().url(bank.uri("/status/200").toString()).build();
    try (Response response = carrying.newCall(request).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(test.seen("payments").calls()).isEqualTo(1);
  }

  @Test
  void armeria() {
    String address = "h1c://" + bank.uri("").getAuthority();
    WebClient client =
        WebClient.builder(address)
            .decorator(GuardClient.newDecorator(Guards.named(gear, "payments")))
            .build();

    client.get("/status/200").aggregate().join();

    assertThat(test.seen("payments").calls()).isEqualTo(1);
  }

  @Test
  void databases() throws SQLException {
    JdbcConnectionPool primary = JdbcConnectionPool.create("jdbc:h2:mem:page", "sa", "");
    JdbcConnectionPool replicas = primary;
    DataSource orders =
        GuardedDataSource.of(
            Lane.of(replicas, Guards.named(gear, "orders-db/read")).connections(20),
            Lane.of(primary, Guards.named(gear, "orders-db/write")).connections(10));

    try (Connection connection = orders.getConnection()) {
      connection.setReadOnly(true);
      connection.createStatement().execute("select 1");
    }
    assertThat(test.seen("orders-db/read").calls()).isEqualTo(1);
    primary.dispose();
  }

  @Test
  void resilience4j() {
    CircuitBreaker existing = CircuitBreaker.ofDefaults("payments");
    CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
    registry.circuitBreaker("payments");
    CircuitBreaker breaker = FleetCircuitBreaker.of(existing, gear.guard("payments"));
    FleetCircuitBreaker.followAll(registry, each -> gear.guard(each.getName()));

    test.open("payments");

    assertThat(breaker.tryAcquirePermission()).isFalse();
    assertThat(registry.circuitBreaker("payments").tryAcquirePermission()).isFalse();
  }

  @Test
  void grpc() {
    MethodDescriptor<InputStream, InputStream> ask =
        MethodDescriptor.<InputStream, InputStream>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("Bank/ask")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ManagedChannel plain = InProcessChannelBuilder.forName("nobody").build();
    Channel channel =
        ClientInterceptors.intercept(
            plain, GuardClientInterceptor.of(Guards.named(gear, "payments")));
    test.open("payments");

    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, ask, CallOptions.DEFAULT, InputStream.nullInputStream()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasCauseInstanceOf(CallRefusedException.class);
    plain.shutdownNow();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {

    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return stream;
    }
  }
}
