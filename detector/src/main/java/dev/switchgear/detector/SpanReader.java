package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.streams.BadRecordException;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the call that an encoded span tells of, and no more of the span: not its attributes, which
 * are most of it, and no name twice. That takes knowing the fields and their order, so spans of any
 * other schema than this build's are decoded by Avro. One thread uses it.
 */
final class SpanReader {

  private static final Schema SCHEMA = Span.getClassSchema();
  private static final byte[] OURS = AvroBytes.headerOf(SCHEMA);
  private static final SpanKind[] KINDS = SpanKind.values();
  private static final SpanStatus[] STATUSES = SpanStatus.values();

  private final Deserializer<Span> any;
  private final BreakerIds ids = new BreakerIds();
  private final AvroBytes in = new AvroBytes();
  private final KnownBytes<String> breakers = new KnownBytes<>();
  private final KnownBytes<Caller> callers = new KnownBytes<>();

  /**
   * A reader that has seen nothing.
   *
   * @param any decodes spans of other schemas
   */
  SpanReader(Deserializer<Span> any) {
    this.any = any;
  }

  /**
   * The call that an encoded span tells of; null where somebody else counts it.
   *
   * @throws BadRecordException if anything of it is absurd
   * @throws org.apache.kafka.common.errors.SerializationException if it is no span
   */
  @Nullable SpanCall read(byte @Nullable [] span, long nowMillis) {
    if (span == null) {
      throw new BadRecordException("value: none (expected: a span)");
    }
    return in.begin(span, OURS)
        ? readOurs(nowMillis)
        : read(requireNonNull(any.deserialize(Topics.SPANS.name(), span)), nowMillis);
  }

  /** As of an encoded one. */
  @Nullable SpanCall read(Span span, long nowMillis) {
    return SpanCall.of(span, ids, nowMillis);
  }

  private @Nullable SpanCall readOurs(long nowMillis) {
    int names = in.at();
    boolean calls = in.present();
    if (calls) {
      in.skipString();
    }
    in.skipOptionalString();
    int namesEnd = in.at();
    SpanKind kind = in.symbol(KINDS);
    boolean failed = in.symbol(STATUSES) == SpanStatus.ERROR;
    int errorType = in.at();
    in.skipOptionalString();
    boolean guarded = in.bool();
    if (!calls || !SpanCall.isCounted(kind, guarded)) {
      return null;
    }
    SpanCall.Times times = SpanCall.Times.of(in.number(), in.number(), nowMillis);
    Caller caller = caller();
    if (!failed) {
      return new SpanCall(breaker(names, namesEnd), caller, times, null, null);
    }
    String traceId = in.string();
    in.back(errorType);
    String type = SpanCall.errorType(in.present() ? in.string() : null);
    return new SpanCall(breaker(names, namesEnd), caller, times, type, traceId);
  }

  private String breaker(int from, int to) {
    String known = breakers.get(in.bytes(), from, to);
    if (known != null) {
      return known;
    }
    in.back(from);
    in.present();
    String dependency = in.string();
    String breaker = SpanCall.breaker(dependency, in.present() ? in.string() : null, ids);
    return breakers.put(in.bytes(), from, to, breaker);
  }

  private Caller caller() {
    int from = in.at();
    in.skipCaller();
    int to = in.at();
    Caller known = callers.get(in.bytes(), from, to);
    return known != null ? known : callers.put(in.bytes(), from, to, caller(from));
  }

  private Caller caller(int from) {
    in.back(from);
    return Names.checked(in.caller());
  }
}
