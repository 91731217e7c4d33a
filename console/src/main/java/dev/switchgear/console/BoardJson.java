package dev.switchgear.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.switchgear.schemas.BreakerState;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;

/** The breakers for programs. The field names are a promise; docs/operate.md lists them. */
final class BoardJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private BoardJson() {}

  /** One document with all of them. */
  static String document(String bootstrapServers, Collection<BreakerState> states) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("kafka", bootstrapServers);
      json.writeArrayFieldStart("breakers");
      for (BreakerState state : states) {
        write(json, state);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** One of them, on one line. */
  static String line(BreakerState state) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, BreakerState state) throws IOException {
    json.writeStartObject();
    json.writeStringField("breaker", state.getBreaker());
    json.writeStringField("state", state.getState().name());
    json.writeNumberField("admittedShare", state.getAdmittedShare() / 10_000.0);
    json.writeNumberField("epoch", state.getEpoch());
    json.writeStringField("since", instant(state.getDecidedAtMillis()));
    if (state.getUntilMillis() == 0) {
      json.writeNullField("until");
    } else {
      json.writeStringField("until", instant(state.getUntilMillis()));
    }
    json.writeNumberField("retryAfterMillis", state.getRetryAfterMillis());
    json.writeStringField("reason", state.getReason());
    json.writeNumberField("policyVersion", state.getPolicyVersion());
    json.writeEndObject();
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
