package dev.switchgear.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.switchgear.console.view.Recount;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Deployment;
import dev.switchgear.schemas.Evidence;
import dev.switchgear.schemas.InputOffset;
import dev.switchgear.schemas.Suspect;
import dev.switchgear.schemas.SymptomTest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves for programs. The field names are a promise; docs/operate.md lists them. */
final class WhyJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator json;

  private WhyJson(JsonGenerator json) {
    this.json = json;
  }

  /** One document with all of them. */
  static String document(String bootstrapServers, String breaker, List<BreakerTransition> moves) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("kafka", bootstrapServers);
      json.writeStringField("breaker", breaker);
      json.writeArrayFieldStart("moves");
      for (BreakerTransition move : moves) {
        new WhyJson(json).write(move);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void write(BreakerTransition move) throws IOException {
    json.writeStartObject();
    json.writeNumberField("epoch", move.getEpoch());
    json.writeStringField("from", move.getFrom().name());
    json.writeStringField("to", move.getTo().name());
    json.writeNumberField("admittedShare", move.getAdmittedShare() / 10_000.0);
    writeInstant("at", move.getAtMillis());
    writeInstant("until", move.getUntilMillis());
    json.writeStringField("reason", move.getReason());
    writeText("symptom", move.getSymptom());
    writeText("who", move.getWho());
    json.writeNumberField("policyVersion", move.getPolicyVersion());
    json.writeObjectFieldStart("evidence");
    write(move.getEvidence());
    json.writeEndObject();
    Recount recount = Recount.of(move);
    json.writeStringField("recomputed", recount.result().name());
    json.writeStringField("recomputedDetail", recount.detail());
    json.writeEndObject();
  }

  private void write(Evidence evidence) throws IOException {
    json.writeStringField("test", evidence.getTest().name());
    if (evidence.getTest() == SymptomTest.SERIES) {
      json.writeStringField("measure", evidence.getMeasure());
      json.writeNumberField("value", evidence.getValue());
      json.writeNumberField("usual", evidence.getUsual());
    }
    writeInstant("since", evidence.getSinceMillis());
    json.writeNumberField("sinceCalls", evidence.getSinceCalls());
    json.writeNumberField("sinceBad", evidence.getSinceBad());
    json.writeNumberField("strength", evidence.getStrength());
    json.writeNumberField("strengthWanted", evidence.getStrengthWanted());
    json.writeNumberField("acceptedShare", evidence.getObjective());
    json.writeNumberField("callsPerDay", evidence.getCallsPerDay());
    json.writeNumberField("falseTripsPerDay", evidence.getFalseTripsPerDay());
    json.writeNumberField("calls", evidence.getCalls());
    json.writeNumberField("failed", evidence.getFailed());
    json.writeNumberField("slow", evidence.getSlow());
    json.writeNumberField("refusals", evidence.getRefusals());
    json.writeNumberField("untimed", evidence.getUntimed());
    writeInstant("epochSince", evidence.getEpochFromMillis());
    json.writeNumberField("epochCalls", evidence.getEpochCalls());
    json.writeNumberField("epochFailed", evidence.getEpochFailed());
    json.writeNumberField("epochSlow", evidence.getEpochSlow());
    json.writeNumberField("epochUntimed", evidence.getEpochUntimed());
    write("errors", evidence.getErrors());
    write("callsByService", evidence.getCallsByService());
    write("badByService", evidence.getBadByService());
    writeLatency(evidence);
    json.writeArrayFieldStart("traces");
    for (String trace : evidence.getExemplars()) {
      json.writeString(trace);
    }
    json.writeEndArray();
    writeSuspects(evidence.getSuspects());
    writeDeployment(evidence.getDeployment());
    writeInputs(evidence.getInputs());
  }

  private void writeSuspects(List<Suspect> suspects) throws IOException {
    json.writeArrayFieldStart("suspects");
    for (Suspect suspect : suspects) {
      json.writeStartObject();
      json.writeStringField("dimension", suspect.getDimension().name());
      json.writeStringField("value", suspect.getValue());
      json.writeNumberField("calls", suspect.getCalls());
      json.writeNumberField("bad", suspect.getBad());
      json.writeNumberField("otherCalls", suspect.getOtherCalls());
      json.writeNumberField("otherBad", suspect.getOtherBad());
      writeInstant("firstSeen", suspect.getFirstSeenMillis());
      json.writeNumberField("strength", suspect.getStrength());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeDeployment(@Nullable Deployment deployment) throws IOException {
    if (deployment == null) {
      json.writeNullField("deployment");
      return;
    }
    json.writeObjectFieldStart("deployment");
    json.writeStringField("service", deployment.getService());
    json.writeStringField("version", deployment.getVersion());
    writeInstant("started", deployment.getStartedAtMillis());
    json.writeNumberField("instances", deployment.getInstances());
    json.writeNumberField("ofThisVersion", deployment.getOfThisVersion());
    json.writeEndObject();
  }

  private void writeLatency(Evidence evidence) throws IOException {
    json.writeObjectFieldStart("latencyNanos");
    json.writeNumberField("scale", evidence.getLatencyNanos().getScale());
    json.writeNumberField("zeroCount", evidence.getLatencyNanos().getZeroCount());
    json.writeNumberField("offset", evidence.getLatencyNanos().getOffset());
    json.writeArrayFieldStart("counts");
    for (long count : evidence.getLatencyNanos().getCounts()) {
      json.writeNumber(count);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writeInputs(List<InputOffset> inputs) throws IOException {
    json.writeArrayFieldStart("inputs");
    for (InputOffset input : inputs) {
      json.writeStartObject();
      json.writeStringField("topic", input.getTopic());
      json.writeNumberField("partition", input.getPartition());
      json.writeNumberField("offset", input.getOffset());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void write(String name, Map<String, Long> counts) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      json.writeNumberField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
  }

  private void writeText(String name, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value.toString());
    }
  }

  /** Null for a time that there is not. */
  private void writeInstant(String name, long millis) throws IOException {
    writeText(name, millis == 0 ? null : Instant.ofEpochMilli(millis));
  }
}
