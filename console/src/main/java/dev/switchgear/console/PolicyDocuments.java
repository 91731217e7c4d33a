package dev.switchgear.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.switchgear.console.view.PolicyLines;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.detector.policy.PolicyBook.Said;
import dev.switchgear.detector.policy.PolicyRecords;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.Policy;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Policies for programs. The field names are a promise; docs/write-a-policy.md lists them. */
final class PolicyDocuments {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final String DEFAULT = "default";

  /** What YAML and JSON write alike; the rest of our values are lengths of time. */
  private static final Pattern ALIKE =
      Pattern.compile("true|false|-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?|\\[.*]", Pattern.DOTALL);

  private PolicyDocuments() {}

  /** Writes one JSON document. */
  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /** What is on the topic, by pattern. */
  static String json(PolicyBook book) {
    return document(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("policies");
          for (WrittenPolicy each : book.written()) {
            Optional<Policy> record = each.record();
            if (record.isPresent()) {
              write(json, record.get(), book.saidFor(each.pattern()));
            }
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** What holds for one breaker, and why. */
  static String json(String breaker, PolicyBook book) {
    return document(
        json -> {
          json.writeStartObject();
          json.writeStringField("breaker", breaker);
          json.writeNumberField("version", book.policyOf(breaker).version());
          json.writeArrayFieldStart("keys");
          for (Said said : book.explain(breaker)) {
            write(json, said);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** What is on the topic, as a file that says the same. */
  static String yaml(PolicyBook book) {
    StringBuilder patterns = new StringBuilder();
    StringBuilder file = new StringBuilder();
    for (WrittenPolicy each : book.written()) {
      if (each.record().isPresent()) {
        String name = PolicyLines.name(each.pattern());
        boolean isDefault = name.equals(DEFAULT) && !each.pattern().equals(DEFAULT);
        String document = PolicyRecords.document(book.saidFor(each.pattern()));
        if (isDefault) {
          file.append(section(DEFAULT, document, ""));
        } else {
          patterns.append(section(quoted(each.pattern()), document, "  "));
        }
      }
    }
    String breakers = patterns.isEmpty() ? "breakers: {}\n" : "breakers:\n" + patterns;
    return file.append(breakers).toString();
  }

  /** What holds for one breaker, as a file that says nothing else. */
  static String yaml(String breaker, PolicyBook book) {
    Map<String, String> all = new LinkedHashMap<>();
    book.explain(breaker).forEach(said -> all.put(said.key(), said.value()));
    return "breakers:\n" + section(quoted(breaker), PolicyRecords.document(all), "  ");
  }

  private static String section(String name, String document, String indent) {
    return document.equals("{}\n")
        ? indent + name + ": {}\n"
        : indent + name + ":\n" + document.indent(indent.length() + 2);
  }

  private static String quoted(String pattern) {
    return "\"" + pattern.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static void write(JsonGenerator json, Policy record, Map<String, String> said)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("pattern", record.getPattern());
    json.writeNumberField("version", record.getVersion());
    json.writeStringField("who", record.getWho());
    json.writeStringField("why", record.getWhy());
    json.writeStringField("at", Instant.ofEpochMilli(record.getAtMillis()).toString());
    json.writeObjectFieldStart("keys");
    for (Map.Entry<String, String> each : said.entrySet()) {
      json.writeFieldName(each.getKey());
      value(json, each.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Said said) throws IOException {
    json.writeStartObject();
    json.writeStringField("key", said.key());
    json.writeFieldName("value");
    value(json, said.value());
    Optional<WrittenPolicy> from = said.from();
    if (from.isEmpty()) {
      json.writeNullField("pattern");
      json.writeNullField("source");
    } else {
      json.writeStringField("pattern", from.get().pattern());
      json.writeStringField("source", from.get().source());
    }
    json.writeEndObject();
  }

  private static void value(JsonGenerator json, String yaml) throws IOException {
    if (ALIKE.matcher(yaml).matches()) {
      json.writeRawValue(yaml);
    } else {
      json.writeString(yaml);
    }
  }

  private static String document(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
