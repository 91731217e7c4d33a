package dev.switchgear.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;

/** The code and the YAML of docs/guard-a-call.md about Spring Boot, run. */
class SpringBootPageTest {

  private static final Path PAGE = Path.of("../docs/guard-a-call.md");
  private static final Pattern SECTION =
      Pattern.compile("\n## Spring Boot\n(.*?)(?=\n## )", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  record Order(String what) {}

  record Receipt(String text) {

    static Receipt pending(Unavailable why) {
      return new Receipt("pending");
    }
  }

  record Customer(String tier) {}

  static class Bank {
    Receipt charge(Order order) {
      return new Receipt("charged " + order.what());
    }
  }

  static class Checkout {
    private final Bank payments = new Bank();

    @WithGuard(value = "payments/charge", fallback = "pending")
    public Receipt charge(Order order) {
      return payments.charge(order);
    }

    Receipt pending(Order order, Unavailable why) {
      return new Receipt("pending");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Beans {
    private final Customer customer = new Customer("gold");

    @Bean
    Checkout checkout() {
      return new Checkout();
    }

    @Bean
    CallTier tier() {
      return guard -> customer.tier();
    }
  }

  private static String section() throws IOException {
    return SECTION.matcher(Files.readString(PAGE)).results().findFirst().orElseThrow().group(1);
  }

  @Test
  void anApplicationAsOnThePage_runs() throws Exception {
    try (App app = App.start(WebApplicationType.NONE, Beans.class, arguments())) {
      Checkout checkout = app.bean(Checkout.class);
      assertThat(checkout.charge(new Order("shoes")).text()).isEqualTo("charged shoes");
      ConfiguredGuards guards = app.bean(ConfiguredGuards.class);
      GuardedCall<Receipt> charge =
          guards.describe("payments/charge", Receipt.class).fallback(Receipt::pending).build();

      app.fleet.share("payments/charge", RateLimit.perSecond(100), Map.of("gold", 0L));
      assertThat(checkout.charge(new Order("shoes")).text()).isEqualTo("pending");
      app.fleet.share("payments/charge", RateLimit.perSecond(100), Map.of("gold", 100L));
      app.fleet.pass(Duration.ofSeconds(1));
      assertThat(checkout.charge(new Order("shoes")).text()).isEqualTo("charged shoes");

      app.fleet.open("payments/charge");
      assertThat(checkout.charge(new Order("shoes")).text()).isEqualTo("pending");
      assertThat(charge.call(() -> new Receipt("charged")).text()).isEqualTo("pending");
      assertThat(app.bean(SwitchgearProperties.class).guards())
          .extractingByKey("payments/charge")
          .extracting(GuardProperties::rateLimit)
          .extracting(GuardProperties.RateLimited::calls)
          .isEqualTo(500L);
    }
  }

  /** The YAML of the page. */
  private static String[] arguments() throws IOException {
    String yaml = YAML.matcher(section()).results().findFirst().orElseThrow().group(1);
    var loaded =
        (EnumerablePropertySource<?>)
            new YamlPropertySourceLoader()
                .load("page", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
                .get(0);
    return new TreeSet<>(List.of(loaded.getPropertyNames()))
        .stream().map(name -> "--" + name + "=" + loaded.getProperty(name)).toArray(String[]::new);
  }
}
