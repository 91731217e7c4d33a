package dev.switchgear.benchmarks.guard;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Every other call of a thread. */
@State(Scope.Thread)
public class Turns {

  private boolean other;

  boolean other() {
    other = !other;
    return other;
  }
}
