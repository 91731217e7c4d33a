package dev.switchgear.spring;

import dev.switchgear.guard.Switchgear;
import io.opentelemetry.api.OpenTelemetry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/** The connection, the guards that properties describe, and those in front of annotated methods. */
@AutoConfiguration
@ConditionalOnProperty(
    prefix = SwitchgearProperties.PREFIX,
    name = "enabled",
    matchIfMissing = true)
@EnableConfigurationProperties(SwitchgearProperties.class)
final class SwitchgearAutoConfiguration {

  private static final String LOCAL_KAFKA = "localhost:9092";
  private static final String NAMELESS = "application";
  private static final CallTier NO_TIER = guard -> null;

  /** Connects in the background; closing it sends what is counted, within seconds. */
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  static Switchgear switchgear(
      SwitchgearProperties properties,
      Environment environment,
      ObjectProvider<OpenTelemetry> openTelemetry,
      ObjectProvider<SwitchgearCustomizer> customizers) {
    Switchgear.Builder builder = builder(properties, environment);
    openTelemetry.ifUnique(builder::openTelemetry);
    customizers.orderedStream().forEach(each -> each.customize(builder));
    return builder.build();
  }

  @Bean
  static ConfiguredGuards switchgearGuards(
      Switchgear gear, SwitchgearProperties properties, ObjectProvider<CallTier> tiers) {
    // At the first call: the bean may need others, and those guards.
    var said = SingletonSupplier.of(() -> tiers.getIfAvailable(() -> NO_TIER));
    return new ConfiguredGuards(gear, properties.guards(), guard -> said.obtain().of(guard));
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static WithGuardPostProcessor withGuardPostProcessor(
      ObjectProvider<ConfiguredGuards> guards, Environment environment) {
    var processor = new WithGuardPostProcessor(guards::getObject);
    processor.setProxyTargetClass(
        environment.getProperty("spring.aop.proxy-target-class", Boolean.class, true));
    return processor;
  }

  private static Switchgear.Builder builder(
      SwitchgearProperties properties, Environment environment) {
    String kafka =
        first(
            properties.bootstrapServers(),
            environment,
            "spring.kafka.bootstrap-servers",
            LOCAL_KAFKA);
    String service = first(properties.service(), environment, "spring.application.name", NAMELESS);
    Switchgear.Builder builder = connecting(kafka, service);
    told("instance", properties.instance(), builder::instance);
    told("version", properties.version(), builder::version);
    told("zone", properties.zone(), builder::zone);
    told("region", properties.region(), builder::region);
    Map<String, Object> settings = new HashMap<>(properties.kafka());
    return builder.kafka(settings);
  }

  private static Switchgear.Builder connecting(String kafka, String service) {
    try {
      return Switchgear.builder(kafka, service);
    } catch (IllegalArgumentException e) {
      throw MisconfiguredException.of(SwitchgearProperties.PREFIX, kafka, e);
    }
  }

  private static void told(String key, @Nullable String value, Consumer<String> to) {
    try {
      if (value != null) {
        to.accept(value);
      }
    } catch (IllegalArgumentException e) {
      throw MisconfiguredException.of(SwitchgearProperties.PREFIX + "." + key, value, e);
    }
  }

  private static String first(
      @Nullable String said, Environment environment, String elsewhere, String otherwise) {
    if (said != null) {
      return said;
    }
    String found = environment.getProperty(elsewhere);
    return StringUtils.hasText(found) ? found : otherwise;
  }
}
