package dev.switchgear.spring;

import dev.switchgear.guard.Unavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The method that answers instead of a guarded one.
 *
 * @param method to be called on the same object
 * @param takesArguments whether it gets the arguments of the guarded method
 * @param takesWhy whether it is told why, as its last argument
 */
record FallbackMethod(Method method, boolean takesArguments, boolean takesWhy) {

  /**
   * Finds it. Of several that fit, that which takes most.
   *
   * @param where for messages
   */
  static FallbackMethod of(String where, Class<?> type, Method guarded, String name) {
    List<Method> named =
        Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(ClassUtils.getUserClass(type)))
            .filter(method -> method.getName().equals(name) && !method.isBridge())
            .toList();
    return shapes(guarded.getParameterTypes())
        .flatMap(shape -> named.stream().filter(shape::fits).map(shape::of))
        .filter(found -> guarded.getReturnType().isAssignableFrom(found.method.getReturnType()))
        .findFirst()
        .orElseThrow(() -> none(where, guarded, name, named));
  }

  /** Calls it. */
  @Nullable Object answer(Object target, @Nullable Object[] arguments, Unavailable why)
      throws Exception {
    try {
      return method.invoke(target, arguments(arguments, why));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception exception) {
        throw exception;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new UndeclaredThrowableException(e.getCause());
    }
  }

  private @Nullable Object[] arguments(@Nullable Object[] arguments, Unavailable why) {
    Stream<@Nullable Object> taken = takesArguments ? Arrays.stream(arguments) : Stream.empty();
    return Stream.concat(taken, takesWhy ? Stream.of(why) : Stream.empty()).toArray();
  }

  private static Stream<Shape> shapes(Class<?>[] parameters) {
    List<Class<?>> arguments = List.of(parameters);
    List<Class<?>> withWhy = new ArrayList<>(arguments);
    withWhy.add(Unavailable.class);
    return Stream.of(
        new Shape(withWhy, true, true),
        new Shape(arguments, true, false),
        new Shape(List.of(Unavailable.class), false, true),
        new Shape(List.of(), false, false));
  }

  private static MisconfiguredException none(
      String where, Method guarded, String name, List<Method> named) {
    String same =
        Arrays.stream(guarded.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", "));
    String found = named.isEmpty() ? "" : ", which is " + named;
    return new MisconfiguredException(
        where,
        "fallback \"" + name + "\"" + found,
        "a method %1$s %2$s(%3$s), without the arguments if need be, and with %4$s as the last one"
                .formatted(guarded.getReturnType().getSimpleName(), name, same, "Unavailable")
            + " if it wants to know why");
  }

  /** What arguments a fallback may take. */
  private record Shape(List<Class<?>> parameters, boolean takesArguments, boolean takesWhy) {

    boolean fits(Method method) {
      return List.of(method.getParameterTypes()).equals(parameters);
    }

    FallbackMethod of(Method method) {
      ReflectionUtils.makeAccessible(method);
      return new FallbackMethod(method, takesArguments, takesWhy);
    }
  }
}
