package dev.switchgear.adapters.grpc;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.guard.Refused;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;

/** Counts what became of a call before its caller is told. */
final class CountingListener<A> extends SimpleForwardingClientCallListener<A> {

  private final Attempt attempt;
  private final boolean streams;

  /**
   * Of a call that is made.
   *
   * @param streams whether its answer is a stream
   */
  CountingListener(ClientCall.Listener<A> caller, Attempt attempt, boolean streams) {
    super(caller);
    this.attempt = attempt;
    this.streams = streams;
  }

  @Override
  public void onHeaders(Metadata headers) {
    if (streams) {
      attempt.success();
    }
    super.onHeaders(headers);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    if (Refused.isCauseOf(status.getCause())) {
      attempt.cancelled();
    }
    switch (status.getCode()) {
      case UNKNOWN,
          DEADLINE_EXCEEDED,
          UNIMPLEMENTED,
          INTERNAL,
          UNAVAILABLE,
          DATA_LOSS,
          RESOURCE_EXHAUSTED ->
          attempt.failure(status.getCode().name());
      case CANCELLED -> attempt.cancelled();
      default -> attempt.success();
    }
    super.onClose(status, trailers);
  }
}
