package dev.switchgear.spring;

import dev.switchgear.guard.Switchgear;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The health contributor, by the classes of Spring Boot 3. */
@AutoConfiguration(after = SwitchgearAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Switchgear.class)
@ConditionalOnEnabledHealthIndicator("switchgear")
final class Boot3HealthAutoConfiguration {

  @Bean
  static HealthIndicator switchgearHealthIndicator(Switchgear gear) {
    return () -> health(HealthReport.of(gear));
  }

  private static Health health(HealthReport report) {
    return Health.status(report.status()).withDetails(report.details()).build();
  }
}
