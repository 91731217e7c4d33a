package dev.switchgear.spring;

import dev.switchgear.guard.Switchgear;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health contributor, by the classes of Spring Boot 4. */
@AutoConfiguration(after = SwitchgearAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Switchgear.class)
@ConditionalOnEnabledHealthIndicator("switchgear")
final class Boot4HealthAutoConfiguration {

  @Bean
  static HealthIndicator switchgearHealthIndicator(Switchgear gear) {
    return () -> health(HealthReport.of(gear));
  }

  private static Health health(HealthReport report) {
    return Health.status(report.status()).withDetails(report.details()).build();
  }
}
