package dev.switchgear.adapters.grpc;

import dev.switchgear.adapters.Guards;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/**
 * Makes calls only if their breakers let it. Thread-safe.
 *
 * <pre>{@code
 * ManagedChannelBuilder.forTarget("payments:9090")
 *     .intercept(GuardClientInterceptor.of(Guards.named(gear, "payments")))
 * }</pre>
 *
 * <p>A refused call ends at once: {@code UNAVAILABLE}, or {@code RESOURCE_EXHAUSTED} of a rate
 * limit, or {@code DEADLINE_EXCEEDED} where the caller has no time left; its cause is a {@link
 * dev.switchgear.adapters.CallRefusedException}. What the guard and the caller leave of the time
 * becomes the call's deadline, if it has no earlier one, and goes out as gRPC's own {@code
 * grpc-timeout}.
 *
 * <p>Errors are the codes that OpenTelemetry calls errors of a server, and {@code
 * RESOURCE_EXHAUSTED}; the others are answers to what the caller wanted. {@code CANCELLED} counts
 * as neither. A call that gives a stream has been answered, for the breaker and its bulkhead, when
 * that begins: how long it goes on says nothing about the dependency.
 */
public final class GuardClientInterceptor implements ClientInterceptor {

  private final Guards<MethodDescriptor<?, ?>> guards;

  private GuardClientInterceptor(Guards<MethodDescriptor<?, ?>> guards) {
    this.guards = guards;
  }

  /**
   * For channels and stubs.
   *
   * @param guards may name breakers by service, as {@code MethodDescriptor::getServiceName}
   */
  public static ClientInterceptor of(Guards<MethodDescriptor<?, ?>> guards) {
    return new GuardClientInterceptor(guards);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new GuardedClientCall<>(guards, method, options, next);
  }
}
