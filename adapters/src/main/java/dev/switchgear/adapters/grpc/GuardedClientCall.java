package dev.switchgear.adapters.grpc;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Refusal;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.opentelemetry.context.Scope;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call. It is decided when it is started, and only then made: one that is never started takes
 * nothing. Used by one thread, as calls are, but for cancelling.
 */
final class GuardedClientCall<Q, A> extends ForwardingClientCall<Q, A> {

  private final Guards<MethodDescriptor<?, ?>> guards;
  private final MethodDescriptor<Q, A> method;
  private final CallOptions options;
  private final Channel channel;
  private volatile ClientCall<Q, A> made = new NoCall<>();
  private volatile @Nullable Attempt attempt;
  private volatile boolean cancelled;

  GuardedClientCall(
      Guards<MethodDescriptor<?, ?>> guards,
      MethodDescriptor<Q, A> method,
      CallOptions options,
      Channel channel) {
    this.guards = guards;
    this.method = method;
    this.options = options;
    this.channel = channel;
  }

  @Override
  protected ClientCall<Q, A> delegate() {
    return made;
  }

  @Override
  public void start(Listener<A> listener, Metadata headers) {
    Attempt begun = guards.attempt(method);
    Refusal refusal = begun.refusal();
    if (refusal != null) {
      listener.onClose(status(refusal), new Metadata());
      return;
    }
    attempt = begun;
    try {
      make(begun, listener, headers);
    } catch (Throwable e) { // It never left.
      begun.cancelled();
      throw e;
    }
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  private void make(Attempt begun, Listener<A> listener, Metadata headers) {
    boolean streams = !method.getType().serverSendsOneMessage();
    try (Scope scope = begun.context().makeCurrent()) {
      made = channel.newCall(method, within(begun));
      made.start(new CountingListener<>(listener, begun, streams), headers);
    }
    if (cancelled) {
      cancel("cancelled before it was started", null);
    }
  }

  private CallOptions within(Attempt begun) {
    long left = begun.deadline().map(each -> each.remaining().toNanos()).orElse(Long.MAX_VALUE);
    io.grpc.Deadline own = options.getDeadline();
    boolean ownIsEarlier = own != null && own.timeRemaining(TimeUnit.NANOSECONDS) <= left;
    return left == Long.MAX_VALUE || ownIsEarlier
        ? options
        : options.withDeadlineAfter(left, TimeUnit.NANOSECONDS);
  }

  /** Counted first: what ends the call then is no answer. */
  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    cancelled = true;
    Attempt begun = attempt;
    if (begun != null) {
      begun.cancelled();
    }
    made.cancel(message, cause);
  }

  private static Status status(Refusal refusal) {
    Status status =
        switch (refusal.stage()) {
          case BREAKER, BULKHEAD -> Status.UNAVAILABLE;
          case RATE_LIMIT -> Status.RESOURCE_EXHAUSTED;
          case DEADLINE -> Status.DEADLINE_EXCEEDED;
        };
    var cause = new CallRefusedException(refusal);
    return status.withDescription(cause.getMessage()).withCause(cause);
  }

  /** In place of a call that is not made. */
  private static final class NoCall<Q, A> extends ClientCall<Q, A> {

    @Override
    public void start(Listener<A> listener, Metadata headers) {}

    @Override
    public void request(int messages) {}

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(Q message) {}

    @Override
    public boolean isReady() {
      return false;
    }
  }
}
