package dev.switchgear.guard;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells what was degraded: in the metric {@code switchgear.guard.degraded}, and on the span that is
 * current when a fallback has answered. Nothing is counted or looked for where OpenTelemetry is not
 * known to be used and nobody asks for the counts: nobody could read it. Thread-safe.
 */
final class Degradations implements AutoCloseable {

  private static final String METRIC = "switchgear.guard.degraded";
  private static final AttributeKey<String> BREAKER = AttributeKey.stringKey("switchgear.breaker");
  private static final AttributeKey<String> FALLBACK =
      AttributeKey.stringKey("switchgear.fallback");
  private static final AttributeKey<String> BECAUSE = AttributeKey.stringKey("switchgear.because");
  private static final AttributeKey<Boolean> DEGRADED =
      AttributeKey.booleanKey("switchgear.degraded");

  /** Combinations of breaker, fallback and reason; beyond them nothing is told apart. */
  private static final int MOST = 10_000;

  private static final Key OTHERS = new Key("*", "*", "*");

  private final Map<Key, StripedCounter> counts = new ConcurrentHashMap<>();
  private volatile boolean told;
  private final AutoCloseable metric;

  private record Key(String breaker, String fallback, String because) {
    Attributes attributes() {
      return Attributes.of(BREAKER, breaker, FALLBACK, fallback, BECAUSE, because);
    }

    DegradedCount count(long calls) {
      return new DegradedCount(breaker, fallback, because, calls);
    }
  }

  Degradations(OpenTelemetry telemetry) {
    this.told = telemetry != OpenTelemetry.noop();
    this.metric =
        telemetry
            .getMeter("dev.switchgear.guard")
            .counterBuilder(METRIC)
            .setDescription("Calls that a fallback answered")
            .setUnit("{call}")
            .buildWithCallback(this::measure);
  }

  /** The counter of calls of a breaker that one fallback answers for one reason. */
  private StripedCounter counter(String breaker, String fallback, String because) {
    Key key = new Key(breaker, fallback, because);
    StripedCounter known = counts.get(key);
    return known != null
        ? known
        : counts.computeIfAbsent(
            counts.size() < MOST ? key : OTHERS, unseen -> new StripedCounter());
  }

  /**
   * Asks a fallback, and tells which of a chain answered. Where there is nobody to tell, it is as
   * little as can be: while a breaker is open nothing else happens.
   */
  <T extends @Nullable Object> T instead(Gate gate, Unavailable why, Fallback<T> fallback)
      throws Exception {
    return areTold()
        ? Fallbacks.inTurn(fallback, why, one -> tell(gate.breaker(), one.name(), why))
        : fallback.instead(why);
  }

  /**
   * The same of one that answers later, told on the span that is current now, and before the caller
   * can go on. Whatever it gives the caller gets as it is.
   */
  <T extends @Nullable Object> CompletionStage<T> insteadLater(
      Gate gate, Unavailable why, AsyncFallback<T> fallback) {
    CompletionStage<T> answer = fallback.instead(why);
    if (!areTold()) {
      return answer;
    }
    CompletableFuture<T> told = new CompletableFuture<>();
    answer.whenComplete(
        Context.current()
            .wrapConsumer(
                (T given, @Nullable Throwable thrown) -> {
                  try {
                    if (thrown == null) {
                      tell(gate.breaker(), fallback.name(), why);
                    }
                    Stages.complete(told, given, thrown);
                  } catch (Throwable e) {
                    told.completeExceptionally(e);
                  }
                }));
    return Stages.cancelling(told, () -> answer.toCompletableFuture().cancel(true));
  }

  /** Whether there may be a meter or a span to tell it to. */
  private boolean areTold() {
    return told || Guarded.isLookedAt();
  }

  private void tell(String breaker, String fallback, Unavailable why) {
    Key told = new Key(breaker, fallback, because(why));
    counter(breaker, told.fallback(), told.because()).increment();
    Span span = Span.current();
    if (span.isRecording()) {
      span.setAttribute(DEGRADED, true);
      span.addEvent("switchgear.degraded", told.attributes());
    }
  }

  /** All counts; from now on there is somebody to tell. */
  List<DegradedCount> counts() {
    told = true;
    return counts.entrySet().stream().map(e -> e.getKey().count(e.getValue().sum())).toList();
  }

  @Override
  public void close() {
    try {
      metric.close();
    } catch (Exception e) {
      throw new IllegalStateException("The metric " + METRIC + " cannot be taken back", e);
    }
  }

  private void measure(ObservableLongMeasurement measurement) {
    counts.forEach((key, count) -> measurement.record(count.sum(), key.attributes()));
  }

  /** Why, in a few words of which there are few. */
  private static String because(Unavailable why) {
    return why instanceof Refusal refusal ? refusal.stage().toString() : "failure";
  }
}
