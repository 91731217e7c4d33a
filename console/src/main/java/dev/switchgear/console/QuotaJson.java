package dev.switchgear.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Limits of the fleet for programs. The field names are a promise; docs/operate.md lists them. */
final class QuotaJson {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final double THOUSAND = 1_000;

  private QuotaJson() {}

  /** One document with all of them. */
  static String document(String bootstrapServers, Collection<QuotaState> quotas) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("kafka", bootstrapServers);
      json.writeArrayFieldStart("quotas");
      for (QuotaState quota : quotas) {
        write(json, quota);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** One of them, on one line. */
  static String line(QuotaState quota) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, quota);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** That one is not shared any more, on one line. */
  static String ended(String limit) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("limit", limit);
      json.writeBooleanField("ended", true);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, QuotaState quota) throws IOException {
    json.writeStartObject();
    json.writeStringField("limit", quota.getLimit());
    json.writeNumberField("epoch", quota.getEpoch());
    json.writeNumberField("calls", quota.getCalls());
    json.writeNumberField("periodMillis", quota.getPeriodMillis());
    json.writeObjectFieldStart("guaranteed");
    for (Map.Entry<String, Long> each : new TreeMap<>(quota.getGuaranteed()).entrySet()) {
      json.writeNumberField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("leaseMillis", quota.getLeaseMillis());
    json.writeNumberField("policyVersion", quota.getPolicyVersion());
    json.writeStringField("since", Instant.ofEpochMilli(quota.getAtMillis()).toString());
    json.writeArrayFieldStart("shares");
    for (QuotaShare share : quota.getShares()) {
      json.writeStartObject();
      json.writeStringField("instance", share.getInstance());
      amounts(json, "wanted", share.getWanted());
      amounts(json, "share", share.getShares());
      json.writeEndObject();
    }
    json.writeEndArray();
    amounts(json, "start", quota.getStart());
    json.writeEndObject();
  }

  private static void amounts(JsonGenerator json, String name, Map<String, Long> thousandths)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> each : new TreeMap<>(thousandths).entrySet()) {
      json.writeNumberField(each.getKey(), each.getValue() / THOUSAND);
    }
    json.writeEndObject();
  }
}
