package dev.switchgear.console;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the operating system. A stop (Ctrl-C, SIGTERM) is handled here and not by a shutdown
 * hook, because hooks all run at once: the broker would be gone before those that still write to
 * it.
 *
 * <p>{@code sun.misc.Signal} is the only way to it (JEP 260 keeps it open for that) and is called
 * by reflection, as the compiler warns of it however it is imported. Where it is missing, a stop
 * ends the virtual machine as usual.
 */
final class Signals {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Takes stops.
   *
   * @param first asks the program to end in an orderly way
   * @param second runs when the user does not want to wait for that; then the virtual machine ends
   *     at once
   */
  static void onStop(Runnable first, Runnable second) {
    AtomicBoolean stopping = new AtomicBoolean();
    Runnable once =
        () -> {
          if (stopping.compareAndSet(false, true)) {
            first.run();
          } else {
            second.run();
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
          }
        };
    handle("INT", once);
    handle("TERM", once);
  }

  /** Runs the action whenever the window has changed. */
  static void onResize(Runnable action) {
    handle("WINCH", action);
  }

  private static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      LOG.debug("SIG{} keeps its usual meaning", name, cause);
    }
  }
}
