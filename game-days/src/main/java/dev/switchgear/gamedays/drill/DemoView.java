package dev.switchgear.gamedays.drill;

import dev.switchgear.schemas.BreakerTransition;

/** Shows a demo to people. Called from several threads, one call at a time; must return soon. */
public interface DemoView {

  /** A new act begins. */
  void headline(String title, String detail);

  /** How things stand, about four times a second. */
  void snapshot(DemoSnapshot snapshot);

  /** A breaker of the shop changed its state. */
  void transition(BreakerTransition transition);

  /** Something worth a line: a fault was switched, a condition was met. */
  void notice(String line);
}
