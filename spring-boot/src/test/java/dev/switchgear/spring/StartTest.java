package dev.switchgear.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchgear.guard.CallCounts;
import dev.switchgear.guard.Health;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.TestGear;
import dev.switchgear.guard.Unavailable;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.web.bind.annotation.ControllerAdvice;

/** What starts, and what does not. There is no Kafka. */
@Timeout(60)
class StartTest {

  /** Of facts that are alike with every Spring Boot: they are shown on one. */
  private static final String ANY_SPRING_BOOT = "any-spring-boot";

  private static final String NO_KAFKA = "--switchgear.bootstrap-servers=localhost:1";

  @ImportAutoConfiguration(SwitchgearAutoConfiguration.class)
  static class Nothing {}

  /** What does not get as far as to connect. */
  @ImportAutoConfiguration(SwitchgearAutoConfiguration.class)
  static class Unconnected {

    @Bean
    Switchgear gear() {
      return TestGear.of("checkout").gear();
    }
  }

  private static ConfigurableApplicationContext start(Class<?> bean, String... arguments) {
    return start(Nothing.class, bean, arguments);
  }

  private static ConfigurableApplicationContext start(
      Class<?> base, Class<?> bean, String... arguments) {
    return new SpringApplicationBuilder(base, bean)
        .web(WebApplicationType.NONE)
        .properties("spring.main.banner-mode=off", "spring.application.name=checkout")
        .run(arguments);
  }

  private static String whyNot(Class<?> bean, String... arguments) {
    try (var context = start(Unconnected.class, bean, arguments)) {
      throw new AssertionError("it started: " + context);
    } catch (RuntimeException e) {
      return String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
    }
  }

  static class Customers {
    @WithGuard("customers")
    String tier() {
      return "gold";
    }
  }

  static class Tiered {
    @Bean
    Customers customers() {
      return new Customers();
    }

    @Bean
    CallTier tier(Customers customers) {
      return guard -> customers.tier();
    }
  }

  @Test
  @Tag(ANY_SPRING_BOOT)
  void whoTellsTheTierMayBeGuardedItself() {
    try (var context = start(Unconnected.class, Tiered.class)) {
      assertThat(context.getBean(CallTier.class).of("payments")).isEqualTo("gold");
    }
  }

  static class Observed implements OpenTelemetry {

    private boolean hasMeters;

    @Override
    public TracerProvider getTracerProvider() {
      return TracerProvider.noop();
    }

    @Override
    public MeterProvider getMeterProvider() {
      hasMeters = true;
      return MeterProvider.noop();
    }

    @Override
    public ContextPropagators getPropagators() {
      return ContextPropagators.noop();
    }
  }

  @Test
  void whatFallbacksAnswer_isToldToTheOpenTelemetryOfTheApplication() {
    try (var context = start(Observed.class, NO_KAFKA)) {
      assertThat(context.getBean(Switchgear.class)).isNotNull();
      assertThat(context.getBean(Observed.class).hasMeters).isTrue();
    }
  }

  static class Customized {
    @Bean
    Guarded guarded() {
      return new Guarded();
    }

    @Bean
    SwitchgearCustomizer customizer() {
      return builder -> builder.instance("checkout-7");
    }
  }

  static class Guarded {
    @WithGuard("payments/charge")
    String charge() {
      return "charged";
    }
  }

  @Test
  void withoutKafka_itStartsAndCallsAreMade() {
    Switchgear gear;
    try (var context = start(Customized.class, NO_KAFKA)) {
      gear = context.getBean(Switchgear.class);
      assertThat(context.getBean(Guarded.class).charge()).isEqualTo("charged");
      assertThat(gear.service()).isEqualTo("checkout");
      assertThat(gear.instance()).isEqualTo("checkout-7");
      assertThat(gear.health().live()).isTrue();
      assertThat(gear.health().beliefs())
          .extracting(Health.Belief::breaker)
          .containsExactly("payments/charge");
    }
    assertThat(gear.health().live()).isFalse();
  }

  /** A class path without the adapters, of which the starter's classes are loaded anew. */
  private static final class WithoutAdapters extends ClassLoader {

    WithoutAdapters() {
      super(StartTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("dev.switchgear.adapters.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.switchgear.spring.") || name.startsWith(App.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] code = in.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void withoutTheAdapters_refusalsByGuardsAreToldAlone(WebApplicationType type) {
    try (var context =
        new SpringApplicationBuilder(App.Base.class)
            .resourceLoader(new DefaultResourceLoader(new WithoutAdapters()))
            .web(type)
            .properties("spring.main.banner-mode=off", "server.port=0")
            .run()) {
      assertThat(context.getBeansWithAnnotation(ControllerAdvice.class))
          .containsOnlyKeys("switchgearRefusalAdvice");
    }
  }

  @Test
  void settingsOfKafka_keepTheirDots() {
    try (var context =
        start(Unconnected.class, Guarded.class, "--switchgear.kafka.security.protocol=SSL")) {
      assertThat(context.getBean(SwitchgearProperties.class).kafka())
          .containsEntry("security.protocol", "SSL");
    }
  }

  @Test
  void aPlainName_mayStandForABreaker() {
    try (var context =
        start(
            Unconnected.class, Plain.class, "--switchgear.guards.charge.breaker=payments/charge")) {
      context.getBean(Plain.class).charge();
      assertThat(context.getBean(Switchgear.class).counts())
          .extracting(CallCounts::breaker)
          .containsExactly("payments/charge");
    }
  }

  static class Plain {
    @WithGuard("charge")
    String charge() {
      return "charged";
    }
  }

  @Test
  void switchedOff_nothingIsGuarded() {
    try (var context = start(Guarded.class, "--switchgear.enabled=false")) {
      assertThat(context.getBean(Guarded.class).charge()).isEqualTo("charged");
      assertThat(context.getBeanProvider(Switchgear.class).stream()).isEmpty();
    }
  }

  @Tag(ANY_SPRING_BOOT)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "charge.timeout=-1s | switchgear.guards.charge.timeout: PT-1S (expected: more than 0, at most PT24H)",
        "charge.bulkhead.calls=0 | switchgear.guards.charge.bulkhead.calls: 0 (expected: 1..100000)",
        "charge.bulkhead.shared-as=a | switchgear.guards.charge.bulkhead.calls: nothing (expected: 1..100,000)",
        "charge.rate-limit.calls=0 | switchgear.guards.charge.rate-limit.calls: 0 (expected: 1..1000000000)",
        "charge.fleet-rate-limit.tier=gold | switchgear.guards.charge.fleet-rate-limit.alone.calls: nothing (expected: 1..1,000,000,000)",
        "charge.fleet-rate-limit.alone.calls=0 | switchgear.guards.charge.fleet-rate-limit.alone.calls: 0 (expected: 1..1000000000)",
        "charge.critical=true | switchgear.guards.charge.critical: true (expected: only with bulkhead)",
        "[a/b].retry.attempts=3 | switchgear.guards[a/b].retry: Again[attempts=3, share=0.1, backOff=PT0.05S] (expected: only with idempotent: true)",
        "charge.breaker=' ' | switchgear.guards.charge.breaker: \" \" (expected: 1..255 characters, not blank, without control characters)"
      })
  void aWrongValue_failsTheStartWithWhatWasExpected(String property, String told) {
    String argument = "--switchgear.guards" + (property.startsWith("[") ? "" : ".") + property;
    assertThat(whyNot(Unconnected.class, argument.replace("'", ""))).isEqualTo(told);
  }

  @Tag(ANY_SPRING_BOOT)
  @Test
  void criticalWhereNoSlotsAreKept_failsTheStart() {
    assertThat(
            whyNot(
                Unconnected.class,
                "--switchgear.guards.charge.bulkhead.calls=3",
                "--switchgear.guards.charge.critical=true"))
        .isEqualTo(
            "switchgear.guards.charge.critical: true (expected: only with bulkhead.for-critical or bulkhead.for-others)");
  }

  @Tag(ANY_SPRING_BOOT)
  @Test
  void aTierThatNoPolicyCanName_failsTheStart() {
    assertThat(whyNot(Unconnected.class, ofFleet("a", 1), limit("a", "tier=gold rush")))
        .isEqualTo(
            "switchgear.guards.a.fleet-rate-limit.tier: gold rush (expected: 1..63 letters, digits, '.', '_' and '-', first a letter or digit)");
  }

  @Tag(ANY_SPRING_BOOT)
  @Test
  void aLimitOfTheFleetThatIsToldTwiceAndDiffers_failsTheStart() {
    assertThat(
            whyNot(
                Unconnected.class,
                ofFleet("a", 1),
                limit("a", "shared-as=api"),
                ofFleet("b", 2),
                limit("b", "shared-as=api")))
        .endsWith(
            ".fleet-rate-limit.shared-as: \"api\" with other limits than at first (expected: the same)");
  }

  private static String ofFleet(String guard, int alone) {
    return limit(guard, "alone.calls=" + alone);
  }

  private static String limit(String guard, String what) {
    return "--switchgear.guards." + guard + ".fleet-rate-limit." + what;
  }

  @Tag(ANY_SPRING_BOOT)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bootstrap-servers=kafka | switchgear.bootstrap-servers: \"kafka\" (expected: host:port, several separated by commas)",
        "zone= | switchgear.zone: \"\" (expected: 1..255 characters, not blank, without control characters)"
      })
  void aWrongConnection_failsTheStart(String property, String told) {
    try (var context = start(Nothing.class, "--switchgear." + property)) {
      throw new AssertionError("it started: " + context);
    } catch (RuntimeException e) {
      assertThat(NestedExceptionUtils.getMostSpecificCause(e)).hasMessage(told);
    }
  }

  @Test
  void aPropertyThatIsNotKnown_failsTheStart() {
    assertThat(whyNot(Unconnected.class, "--switchgear.guards.charge.timout=1s"))
        .contains("left unbound");
  }

  @Test
  void aNameWithoutItsBrackets_failsTheStart() {
    assertThat(whyNot(Guarded.class, "--switchgear.guards.payments/charge.timeout=1s"))
        .contains("switchgear.guards[payments/charge], in brackets");
  }

  static class WithoutSuchFallback {
    @WithGuard(value = "a", fallback = "pendin")
    String charge(int order) {
      return "charged";
    }
  }

  static class WithOtherArguments {
    @WithGuard(value = "a", fallback = "pending")
    String charge(int order) {
      return "charged";
    }

    String pending(String order, Unavailable why) {
      return order;
    }
  }

  static class WithOtherAnswer {
    @WithGuard(value = "a", fallback = "pending")
    CompletionStage<String> charge() {
      return CompletableFuture.completedFuture("");
    }

    String pending() {
      return "";
    }
  }

  static class WithFinalMethod {
    @WithGuard("a")
    final String charge() {
      return "charged";
    }
  }

  static class WithPrivateMethod {
    @WithGuard("a")
    private String charge() {
      return "charged";
    }

    String call() {
      return charge();
    }
  }

  static class WithFuture {
    @WithGuard("a")
    Future<String> charge() {
      return CompletableFuture.completedFuture("");
    }
  }

  @Tag(ANY_SPRING_BOOT)
  @ParameterizedTest
  @ValueSource(
      classes = {
        WithoutSuchFallback.class,
        WithOtherArguments.class,
        WithOtherAnswer.class,
        WithFinalMethod.class,
        WithPrivateMethod.class,
        WithFuture.class
      })
  void whatCannotBeGuarded_failsTheStart(Class<?> bean) {
    assertThat(whyNot(bean))
        .startsWith("@WithGuard(\"a\") on " + bean.getName() + ".charge: ")
        .contains("expected");
  }

  @Tag(ANY_SPRING_BOOT)
  @Test
  void aPoolForAStage_failsTheStart() {
    assertThat(whyNot(Stages.class, "--switchgear.guards.a.pool.threads=2")).contains("has a pool");
  }

  static class Stages {
    @WithGuard("a")
    CompletionStage<String> charge() {
      return CompletableFuture.completedFuture("");
    }
  }

  interface Bank {
    @WithGuard(value = "bank", fallback = "closed")
    String ask();

    default String closed() {
      return "closed";
    }
  }

  static final class BankClient implements Bank {
    @Override
    public String ask() {
      throw new IllegalStateException("down");
    }
  }

  @Test
  void anInterface_mayBeGuarded() {
    try (var context =
        start(Unconnected.class, BankClient.class, "--spring.aop.proxy-target-class=false")) {
      assertThat(context.getBean(Bank.class).ask()).isEqualTo("closed");
    }
  }

  @Test
  void aStartThatFails_isToldInAFewLines() {
    FailureAnalyzer analyzer =
        SpringFactoriesLoader.forDefaultResourceLocation()
            .load(FailureAnalyzer.class, (type, name, failure) -> {})
            .stream()
            .filter(MisconfiguredAnalyzer.class::isInstance)
            .findFirst()
            .orElseThrow();
    FailureAnalysis analysis =
        Objects.requireNonNull(
            analyzer.analyze(new MisconfiguredException("switchgear.zone", 1, "a name")));

    assertThat(analysis.getDescription()).isEqualTo("switchgear.zone: 1 (expected: a name)");
  }

  @Tag(ANY_SPRING_BOOT)
  @Test
  void everyProperty_isDescribed() throws IOException {
    try (InputStream file =
        getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      JsonNode metadata = new ObjectMapper().readTree(file);

      assertThat(metadata.path("properties")).hasSizeGreaterThan(8);
      assertThat(metadata.path("properties"))
          .allSatisfy(each -> assertThat(each.path("description").asText()).isNotEmpty());
      assertThat(metadata.path("hints").findValuesAsText("name")).contains("switchgear.kafka.keys");
    }
  }
}
