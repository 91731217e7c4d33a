package dev.switchgear.spring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.TestGear;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that runs, with a fleet driven by hand. */
final class App implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  final ConfigurableApplicationContext context;
  final TestGear fleet;

  private App(ConfigurableApplicationContext context) {
    this.context = context;
    this.fleet = context.getBean(TestGear.class);
  }

  /** Starts with these beans and arguments. */
  static App start(WebApplicationType type, Class<?> beans, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server.port=0");
    all.add("--spring.main.banner-mode=off");
    all.add("--spring.main.register-shutdown-hook=false");
    var builder = new SpringApplicationBuilder(Base.class, beans).web(type);
    return new App(builder.run(all.toArray(String[]::new)));
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    URI uri = URI.create("http://localhost:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(LONGEST_ANSWER).build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new IOException("no answer from " + path + " within " + LONGEST_ANSWER, e);
    }
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  Map<String, List<String>> headers(String path) throws IOException, InterruptedException {
    return get(path).headers().map();
  }

  @Override
  public void close() {
    context.close();
  }

  /** What every application of these tests has. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Base {

    @Bean
    TestGear fleet() {
      return TestGear.of("checkout");
    }

    @Bean
    Switchgear gear(TestGear fleet) {
      return fleet.gear();
    }
  }
}
