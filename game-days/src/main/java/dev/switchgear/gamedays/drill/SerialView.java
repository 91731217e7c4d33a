package dev.switchgear.gamedays.drill;

import dev.switchgear.schemas.BreakerTransition;

/** Lets one call at a time through to a view. */
final class SerialView implements DemoView {

  private final DemoView view;

  SerialView(DemoView view) {
    this.view = view;
  }

  @Override
  public synchronized void headline(String title, String detail) {
    view.headline(title, detail);
  }

  @Override
  public synchronized void snapshot(DemoSnapshot snapshot) {
    view.snapshot(snapshot);
  }

  @Override
  public synchronized void transition(BreakerTransition transition) {
    view.transition(transition);
  }

  @Override
  public synchronized void notice(String line) {
    view.notice(line);
  }
}
