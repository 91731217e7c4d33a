package dev.switchgear.console.view;

import dev.switchgear.schemas.State;

/** A breaker's state in words and colour. */
final class StateLabel {

  private StateLabel() {}

  static String of(State state) {
    return state.name().replace('_', ' ');
  }

  static Ink ink(State state) {
    return switch (state) {
      case CLOSED -> Ink.GREEN;
      case OPEN -> Ink.RED;
      case PROBING, RECOVERING -> Ink.YELLOW;
      case HELD_OPEN, HELD_CLOSED, SHADOW -> Ink.MAGENTA;
      case UNKNOWN -> Ink.PLAIN;
    };
  }
}
