package dev.switchgear.guard;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries a trace over parked work, in W3C's {@code traceparent}. */
final class TraceParent {

  static final String NAME = "traceparent";

  private TraceParent() {}

  /** Of the current span; null if nothing is traced. */
  static @Nullable String current() {
    Map<String, String> carrier = new HashMap<>();
    W3CTraceContextPropagator.getInstance().inject(Context.current(), carrier, TraceParent::put);
    return carrier.get(NAME);
  }

  /** A context in which new spans continue the trace. */
  static Context context(@Nullable String traceParent) {
    return traceParent == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), traceParent, TraceParent::get);
  }

  private static void put(@Nullable Map<String, String> carrier, String key, String value) {
    if (carrier != null) {
      carrier.put(key, value);
    }
  }

  private static @Nullable String get(@Nullable String traceParent, String key) {
    return key.equals(NAME) ? traceParent : null;
  }
}
