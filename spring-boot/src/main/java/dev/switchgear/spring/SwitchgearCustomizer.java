package dev.switchgear.spring;

import dev.switchgear.guard.Switchgear;

/** A bean that has a say in how this instance connects, for what no property says. */
@FunctionalInterface
public interface SwitchgearCustomizer {

  /** Called before the connection is made, after the properties have been applied. */
  void customize(Switchgear.Builder builder);
}
