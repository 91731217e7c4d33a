package dev.switchgear.spring;

import java.lang.reflect.UndeclaredThrowableException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/** One call of a guarded method, which may be made several times or later. */
record Invocation(MethodInvocation invocation) {

  /** Goes on to the method. Each attempt begins behind the guard, and leaves this as it was. */
  @Nullable Object proceed() throws Exception {
    MethodInvocation attempt =
        invocation instanceof ProxyMethodInvocation proxied ? proxied.invocableClone() : invocation;
    try {
      return attempt.proceed();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new UndeclaredThrowableException(e);
    }
  }

  /** The bean; where there is nothing behind the proxy, that. */
  Object target() {
    Object target = invocation.getThis();
    if (target != null) {
      return target;
    }
    return ((ProxyMethodInvocation) invocation).getProxy();
  }

  @Nullable Object[] arguments() {
    return invocation.getArguments();
  }
}
