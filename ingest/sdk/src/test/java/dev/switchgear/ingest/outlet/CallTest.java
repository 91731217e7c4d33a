package dev.switchgear.ingest.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CallTest {

  @Test
  void theDependencyIsTheNewestNameThatIsGiven() {
    Texts texts = new Texts().put("server.address", "10.0.0.1");
    assertThat(client(texts).dependency()).isEqualTo("10.0.0.1");
    assertThat(client(texts.put("peer.service", "old")).dependency()).isEqualTo("old");
    assertThat(client(texts.put("service.peer.name", "new")).dependency()).isEqualTo("new");
    assertThat(client(texts.put("service.peer.name", " ")).dependency()).isEqualTo("old");
  }

  @ParameterizedTest
  @EnumSource(SpanKind.class)
  void onlyClientsAndProducersCallADependency(SpanKind kind) {
    Texts texts = new Texts().put("service.peer.name", "payments").put("rpc.method", "Charge");

    Call call = Call.of(kind, SpanStatus.UNSET, texts, null);

    boolean calls = kind == SpanKind.CLIENT || kind == SpanKind.PRODUCER;
    assertThat(call.dependency()).isEqualTo(calls ? "payments" : null);
    assertThat(call.operation()).isEqualTo(calls ? "Charge" : null);
  }

  @ParameterizedTest
  @CsvSource({"rpc.method", "messaging.operation.name", "db.operation.name"})
  void theOperationIsWhatTheConventionsName(String attribute) {
    Texts texts = new Texts().put("service.peer.name", "store").put(attribute, "put");

    assertThat(client(texts).operation()).isEqualTo("put");
  }

  @ParameterizedTest(name = "{0} error.type={1} exception.type={2} event={3} http={4}: {5}")
  @CsvSource({
    "ERROR, timeout,  IOException, Boom, 500, timeout",
    "UNSET, timeout,  ,            ,     200, timeout",
    "ERROR, ,         IOException, Boom, 500, IOException",
    "ERROR, ,         ,            Boom, 500, Boom",
    "ERROR, ,         ,            ,     404, 404",
    "UNSET, ,         ,            ,     503, 503",
    "ERROR, ,         ,            ,     ,    ",
    "UNSET, ,         IOException, Boom, 200, ",
    "UNSET, ,         ,            ,     404, ",
    "OK,    ,         IOException, Boom, 503, ",
  })
  void theErrorTypeIsTheMostTellingOneOfAFailedCall(
      SpanStatus status,
      @Nullable String errorType,
      @Nullable String exceptionType,
      @Nullable String recorded,
      @Nullable String http,
      @Nullable String expected) {
    Texts texts = new Texts();
    putIfGiven(texts, "error.type", errorType);
    putIfGiven(texts, "exception.type", exceptionType);
    putIfGiven(texts, "http.response.status_code", http);

    Call call = Call.of(SpanKind.CLIENT, status, texts, recorded);

    assertThat(call.errorType()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource({
    "rpc.grpc.status_code, 5, NOT_FOUND",
    "rpc.grpc.status_code, 14, UNAVAILABLE",
    "rpc.grpc.status_code, 99, StatusRuntimeException",
    "rpc.response.status_code, NOT_FOUND, NOT_FOUND",
    "rpc.response.status_code, OK, StatusRuntimeException",
    "db.response.status_code, 23505, 23505",
  })
  void whatWasAnsweredTellsMoreThanTheExceptionMadeOfIt(
      String attribute, String code, String expected) {
    Texts texts = new Texts().put(attribute, code).put("exception.type", "StatusRuntimeException");

    assertThat(Call.of(SpanKind.CLIENT, SpanStatus.ERROR, texts, null).errorType())
        .isEqualTo(expected);
    assertThat(Call.of(SpanKind.CLIENT, SpanStatus.UNSET, texts, null).errorType()).isNull();
  }

  @Test
  void theHttpStatusOfOlderSdksCounts() {
    Texts texts = new Texts().put("http.status_code", 502L);

    assertThat(client(texts).errorType()).isEqualTo("502");
  }

  @Test
  void guardedIsWhatTheMarkSays() {
    assertThat(client(new Texts()).guarded()).isFalse();
    assertThat(client(new Texts().put(Call.GUARDED, true)).guarded()).isTrue();
  }

  @Test
  void aSpanThatEndsBeforeItStarts_isRefused() {
    assertThat(Call.durationNanos(5, 5)).isZero();
    assertThatThrownBy(() -> Call.durationNanos(5, 4))
        .hasMessage("span: 5..4 ns (expected: end not before start, after 1970)");
    assertThatThrownBy(() -> Call.durationNanos(0, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Call client(Texts texts) {
    return Call.of(SpanKind.CLIENT, SpanStatus.UNSET, texts, null);
  }

  private static void putIfGiven(Texts texts, String name, @Nullable String value) {
    if (value != null) {
      texts.put(name, value);
    }
  }
}
