package dev.switchgear.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.switchgear.schemas.SymptomState;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Symptoms for programs. The field names are a promise; docs/operate.md lists them. */
final class SymptomJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private SymptomJson() {}

  /** One document with all of them. */
  static String document(String bootstrapServers, Collection<SymptomState> symptoms) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("kafka", bootstrapServers);
      json.writeArrayFieldStart("symptoms");
      for (SymptomState symptom : symptoms) {
        write(json, symptom);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** One of them, on one line. */
  static String line(SymptomState symptom) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, symptom);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, SymptomState symptom) throws IOException {
    json.writeStartObject();
    json.writeStringField("breaker", symptom.getBreaker());
    json.writeStringField("symptom", symptom.getKind().name());
    json.writeStringField("since", instant(symptom.getSinceMillis()));
    json.writeStringField("seen", instant(symptom.getSeenAtMillis()));
    text(json, "until", symptom.getUntilMillis() == 0 ? null : instant(symptom.getUntilMillis()));
    json.writeStringField("reason", symptom.getReason());
    json.writeStringField("measure", symptom.getMeasure());
    json.writeNumberField("value", symptom.getValue());
    json.writeNumberField("usual", symptom.getUsual());
    json.writeNumberField("strength", symptom.getStrength());
    json.writeNumberField("strengthWanted", symptom.getStrengthWanted());
    json.writeNumberField("risePerSecond", symptom.getRisePerSecond());
    Double secondsToFull = symptom.getSecondsToFull();
    if (secondsToFull == null) {
      json.writeNullField("secondsToFull");
    } else {
      json.writeNumberField("secondsToFull", secondsToFull);
    }
    json.writeArrayFieldStart("callers");
    for (String caller : symptom.getCallers()) {
      json.writeString(caller);
    }
    json.writeEndArray();
    text(json, "downstreamOf", symptom.getDownstreamOf());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String text)
      throws IOException {
    if (text == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, text);
    }
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
