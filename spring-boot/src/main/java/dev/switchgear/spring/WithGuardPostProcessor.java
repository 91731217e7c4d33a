package dev.switchgear.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Puts guards in front of methods with {@link WithGuard}, when their beans are made: whatever is
 * wrong is told then. The guard is the outermost of what stands in front of a bean, so that a
 * refused call does not even begin a transaction.
 */
final class WithGuardPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

  private static final long serialVersionUID = 1L;

  /** One per annotated method of a bean's class. */
  private record Key(Method method, Class<?> type) {}

  private final transient Supplier<ConfiguredGuards> guards;
  private final transient Map<Key, GuardedMethod> methods = new ConcurrentHashMap<>();

  /**
   * Of guards that are made when the first annotated bean is.
   *
   * @param guards asked as late as can be, because this is made before all beans
   */
  WithGuardPostProcessor(Supplier<ConfiguredGuards> guards) {
    this.guards = guards;
    setBeforeExistingAdvisors(true);
    this.advisor = new DefaultPointcutAdvisor(new Annotated(), (MethodInterceptor) this::invoke);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    Class<?> type = AopUtils.getTargetClass(bean);
    if (isEligible(type)) {
      prepare(type, ClassUtils.getUserClass(type));
    }
    return super.postProcessAfterInitialization(bean, beanName);
  }

  private void prepare(Class<?> type, Class<?> written) {
    MethodIntrospector.selectMethods(written, WithGuardPostProcessor::find)
        .keySet()
        .forEach(method -> expectProxied(written, method));
    MethodIntrospector.selectMethods(type, WithGuardPostProcessor::find)
        .forEach((method, annotation) -> guarded(method, type));
  }

  private @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Object target = invocation.getThis();
    Class<?> type =
        target == null
            ? invocation.getMethod().getDeclaringClass()
            : AopUtils.getTargetClass(target);
    Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), type);
    return guarded(method, type).call(new Invocation(invocation));
  }

  private GuardedMethod guarded(Method method, Class<?> type) {
    Key key = new Key(method, type);
    GuardedMethod known = methods.get(key);
    return known != null ? known : methods.computeIfAbsent(key, unseen -> made(method, type));
  }

  private GuardedMethod made(Method method, Class<?> type) {
    WithGuard annotation = find(method);
    if (annotation == null) {
      throw new IllegalStateException(method + " has no @WithGuard");
    }
    String where = where(method, annotation);
    String name = annotation.fallback();
    FallbackMethod fallback = name.isEmpty() ? null : FallbackMethod.of(where, type, method, name);
    return GuardedMethod.of(where, guards.get(), annotation.value(), method, fallback);
  }

  /** What Spring would pass over without a word. */
  private static void expectProxied(Class<?> written, Method method) {
    int modifiers = method.getModifiers();
    boolean hidden = Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers);
    boolean last = Modifier.isFinal(modifiers) || Modifier.isFinal(written.getModifiers());
    boolean ofInterface = method.getDeclaringClass().isInterface();
    WithGuard annotation = find(method);
    if (annotation != null
        && (hidden || (last && !ofInterface && !isOfInterface(written, method)))) {
      throw new MisconfiguredException(
          where(method, annotation),
          Modifier.toString(modifiers)
              + " method of a "
              + Modifier.toString(written.getModifiers())
              + " class",
          "one that a proxy can stand in front of: neither private, static nor final, of a class that is not final");
    }
  }

  private static boolean isOfInterface(Class<?> written, Method method) {
    return ClassUtils.getInterfaceMethodIfPossible(method, written)
        .getDeclaringClass()
        .isInterface();
  }

  private static String where(Method method, WithGuard annotation) {
    return "@WithGuard(\"%s\") on %s.%s"
        .formatted(annotation.value(), method.getDeclaringClass().getName(), method.getName());
  }

  private static @Nullable WithGuard find(Method method) {
    return AnnotatedElementUtils.findMergedAnnotation(method, WithGuard.class);
  }

  /** Methods with the annotation, their own or that of the method they implement. */
  private static final class Annotated extends StaticMethodMatcherPointcut {

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
      return find(AopUtils.getMostSpecificMethod(method, targetClass)) != null;
    }
  }
}
