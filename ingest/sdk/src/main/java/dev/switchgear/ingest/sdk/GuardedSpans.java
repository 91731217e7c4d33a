package dev.switchgear.ingest.sdk;

import dev.switchgear.guard.Guarded;
import dev.switchgear.ingest.outlet.Call;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

/** Marks the spans of calls to others that start while a guard counts the call. */
final class GuardedSpans implements SpanProcessor {

  private static final AttributeKey<Boolean> GUARDED = AttributeKey.booleanKey(Call.GUARDED);

  GuardedSpans() {
    Guarded.lookedAt();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    if (Boolean.TRUE.equals(parent.get(Guarded.KEY)) && isCall(span.getKind())) {
      span.setAttribute(GUARDED, true);
    }
  }

  @Override
  public boolean isStartRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {}

  @Override
  public boolean isEndRequired() {
    return false;
  }

  private static boolean isCall(SpanKind kind) {
    return kind == SpanKind.CLIENT || kind == SpanKind.PRODUCER;
  }
}
