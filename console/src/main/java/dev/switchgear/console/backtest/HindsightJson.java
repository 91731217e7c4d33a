package dev.switchgear.console.backtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.Transition;
import dev.switchgear.detector.backtest.FeltSymptom;
import dev.switchgear.detector.backtest.Hindsight;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What would have happened, for programs. The field names are a promise; docs/backtest.md. */
public final class HindsightJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private HindsightJson() {}

  /** One policy's hindsight under the name of the policy. */
  public record Tried(String policy, Hindsight hindsight) {}

  /**
   * One document.
   *
   * @param tried what holds, and what it is compared with, if anything
   */
  public static String document(
      String input, History history, List<Tried> tried, long elapsedMillis) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      Hindsight first = tried.get(0).hindsight();
      symptoms(json, first);
      transitions(json, first);
      json.writeObjectFieldStart("summary");
      json.writeStringField("input", input);
      json.writeNumberField("values", history.values());
      json.writeNumberField("gaps", history.gaps());
      json.writeNumberField("elapsedMillis", elapsedMillis);
      summary(json, tried.get(0));
      json.writeEndObject();
      comparison(json, tried.subList(1, tried.size()));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void comparison(JsonGenerator json, List<Tried> others) throws IOException {
    if (others.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("comparison");
    for (Tried other : others) {
      json.writeStartObject();
      symptoms(json, other.hindsight());
      transitions(json, other.hindsight());
      json.writeObjectFieldStart("summary");
      summary(json, other);
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void symptoms(JsonGenerator json, Hindsight hindsight) throws IOException {
    json.writeArrayFieldStart("symptoms");
    for (FeltSymptom each : hindsight.symptoms()) {
      json.writeStartObject();
      json.writeStringField("dependency", each.dependency());
      json.writeStringField("symptom", label(each));
      json.writeStringField("from", instant(each.fromMillis()));
      instantOrNull(json, "to", each.toMillis());
      evidence(json, each.evidence());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void evidence(JsonGenerator json, FeltSymptom.Evidence evidence)
      throws IOException {
    json.writeObjectFieldStart("evidence");
    json.writeStringField("since", instant(evidence.sinceMillis()));
    json.writeStringField("source", evidence.source());
    json.writeNumberField("value", evidence.value());
    json.writeNumberField("usual", evidence.usual());
    json.writeNumberField("strength", evidence.strength());
    json.writeNumberField("strengthWanted", evidence.strengthWanted());
    json.writeStringField("reason", evidence.reason());
    json.writeEndObject();
  }

  private static void transitions(JsonGenerator json, Hindsight hindsight) throws IOException {
    json.writeArrayFieldStart("transitions");
    for (Hindsight.Move move : hindsight.transitions()) {
      Transition change = move.transition();
      json.writeStartObject();
      json.writeStringField("breaker", move.breaker());
      json.writeStringField("time", instant(change.atMillis()));
      json.writeNumberField("epoch", change.epoch());
      json.writeStringField("from", name(change.from()));
      json.writeStringField("to", name(change.to()));
      json.writeNumberField(
          "admittedShare", change.to().admittedShare() / (double) State.FULL_SHARE);
      json.writeStringField("reason", change.reason());
      json.writeNumberField("policyVersion", change.policyVersion());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void summary(JsonGenerator json, Tried tried) throws IOException {
    Digest digest = Digest.of(tried.hindsight());
    json.writeStringField("policy", tried.policy());
    json.writeStringField("from", instant(digest.fromMillis()));
    json.writeStringField("to", instant(digest.toMillis()));
    json.writeNumberField("days", digest.days());
    json.writeNumberField("symptoms", tried.hindsight().symptoms().size());
    json.writeNumberField("incidents", digest.incidents().size());
    json.writeNumberField("incidentsPerDay", digest.incidents().size() / digest.days());
    json.writeNumberField("trips", digest.trips());
    json.writeNumberField("calls", Math.round(digest.calls()));
    json.writeNumberField("refused", Math.round(digest.refused()));
    json.writeArrayFieldStart("breakers");
    for (Hindsight.Judgement each : tried.hindsight().breakers()) {
      judgement(json, each);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("incidentList");
    for (Digest.Incident each : digest.incidents()) {
      incident(json, each);
    }
    json.writeEndArray();
  }

  private static void judgement(JsonGenerator json, Hindsight.Judgement each) throws IOException {
    json.writeStartObject();
    json.writeStringField("breaker", each.breaker());
    json.writeNumberField("samples", each.samples());
    json.writeNumberField("calls", Math.round(each.calls()));
    json.writeNumberField("refused", Math.round(each.refused()));
    json.writeNumberField("trips", each.trips());
    json.writeNumberField("notClosedMillis", each.notClosedMillis());
    json.writeNumberField("late", each.late());
    json.writeBooleanField("part", each.part());
    json.writeEndObject();
  }

  private static void incident(JsonGenerator json, Digest.Incident each) throws IOException {
    json.writeStartObject();
    json.writeStringField("from", instant(each.fromMillis()));
    instantOrNull(json, "to", each.toMillis());
    json.writeStringField("first", each.first().dependency());
    json.writeStringField("symptom", label(each.first()));
    json.writeArrayFieldStart("dependencies");
    for (String dependency : each.dependencies()) {
      json.writeString(dependency);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static String label(FeltSymptom symptom) {
    return symptom.kind().name().toLowerCase(Locale.ROOT);
  }

  static String name(State state) {
    return state.getClass().getSimpleName();
  }

  private static void instantOrNull(JsonGenerator json, String field, @Nullable Long millis)
      throws IOException {
    if (millis == null) {
      json.writeNullField(field);
    } else {
      json.writeStringField(field, instant(millis));
    }
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
