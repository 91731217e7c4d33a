package dev.switchgear.spring;

import dev.switchgear.guard.Switchgear;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The endpoint, where there is Spring Boot's actuator and the endpoint is exposed. */
@AutoConfiguration(after = SwitchgearAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(Switchgear.class)
final class SwitchgearEndpointAutoConfiguration {

  @Bean
  @ConditionalOnAvailableEndpoint
  static SwitchgearEndpoint switchgearEndpoint(Switchgear gear) {
    return new SwitchgearEndpoint(gear);
  }
}
