package dev.switchgear.spring;

import dev.switchgear.guard.Switchgear;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The meters; Spring Boot binds them to every registry there is. */
@AutoConfiguration(after = SwitchgearAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(Switchgear.class)
final class SwitchgearMetersAutoConfiguration {

  @Bean(destroyMethod = "close")
  static GuardMeters switchgearMeters(Switchgear gear) {
    return new GuardMeters(gear);
  }
}
