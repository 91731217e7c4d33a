package dev.switchgear.adapters.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What proxies of JDBC's interfaces have in common. Proxies, because those interfaces have hundreds
 * of methods, of which a few matter here, and get more with each version of Java.
 */
abstract class Calls implements InvocationHandler {

  private static final Object[] NONE = {};

  static <T> T proxy(Class<T> type, Calls calls) {
    Object made = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls);
    return type.cast(made);
  }

  @Override
  public final @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    @Nullable Object[] given = arguments == null ? NONE : arguments;
    return switch (method.getName()) {
      case "equals" -> proxy == given[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> toString();
      default -> called(proxy, method, given);
    };
  }

  /** Does what was asked for. */
  abstract @Nullable Object called(Object proxy, Method method, @Nullable Object[] arguments)
      throws Throwable;

  /** Asks the real one; throws what that throws. */
  static @Nullable Object ask(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
