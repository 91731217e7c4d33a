package dev.switchgear.spring;

import dev.switchgear.adapters.CallRefusedException;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.ControllerAdvice;

/** How refusals are told to HTTP clients, in servlet and reactive applications alike. */
@AutoConfiguration(after = SwitchgearAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass(ControllerAdvice.class)
@ConditionalOnBean(ConfiguredGuards.class)
@ConditionalOnProperty(
    prefix = SwitchgearProperties.PREFIX + ".web",
    name = "enabled",
    matchIfMissing = true)
final class SwitchgearWebAutoConfiguration {

  @Bean
  static RefusalAdvice switchgearRefusalAdvice() {
    return new RefusalAdvice();
  }

  /** Of what the adapters refuse, for services that have them. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(CallRefusedException.class)
  static class Adapters {

    @Bean
    static CallRefusalAdvice switchgearCallRefusalAdvice() {
      return new CallRefusalAdvice();
    }
  }
}
