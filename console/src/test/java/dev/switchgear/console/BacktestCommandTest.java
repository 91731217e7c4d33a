package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestCommandTest {

  private static final long START = 1_700_000_000;
  private static final long FAILS = START + 3_600;

  @TempDir private Path directory = Path.of("");

  @Test
  void anOutageInAFileOfMeasurements_isASymptom_andTripsTheBreaker() throws Exception {
    Path report = directory.resolve("r.json");
    Path picture = directory.resolve("r.html");
    Called called =
        Called.with(
            "backtest", "--input=" + measurements(), "--out=" + report, "--picture=" + picture);

    assertThat(called.err()).isEmpty();
    assertThat(called.exitCode()).isZero();
    JsonNode json = new ObjectMapper().readTree(Files.readString(report));
    assertThat(json.get("symptoms")).hasSize(1);
    JsonNode symptom = json.get("symptoms").get(0);
    assertThat(symptom.get("dependency").textValue()).isEqualTo("payments");
    assertThat(symptom.get("symptom").textValue()).isEqualTo("errors");
    assertThat(Instant.parse(symptom.get("from").textValue()))
        .isBetween(Instant.ofEpochSecond(FAILS), Instant.ofEpochSecond(FAILS + 30));
    assertThat(symptom.get("evidence").get("strength").doubleValue()).isPositive();
    assertThat(json.get("transitions").get(0).get("to").textValue()).isEqualTo("Open");
    assertThat(json.get("summary").get("values").longValue()).isEqualTo(2 * 7_200 / 15);
    assertThat(json.get("summary").get("trips").longValue()).isPositive();
    assertThat(Files.readString(picture))
        .contains("<svg", "payments", "error_rate")
        .endsWith("</html>\n");
  }

  @Test
  void anOutageInAFileOfOtlpMetrics_isASymptom() throws Exception {
    StringBuilder lines = new StringBuilder("{\"resourceLogs\":[]}\n");
    for (int i = 1; i <= 60; i++) {
      int failed = Math.max(0, i - 50) * 40;
      lines.append(export(i, 200, 100 * i - failed)).append(export(i, 503, failed));
    }
    Path file = Files.writeString(directory.resolve("otlp.json"), lines);
    Path report = directory.resolve("r.json");
    Called called = Called.with("backtest", "--input=" + file, "--out=" + report);

    assertThat(called.err()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(Files.readString(report));
    assertThat(json.get("symptoms")).hasSize(1);
    assertThat(json.get("symptoms").get(0).get("dependency").textValue()).isEqualTo("payments");
    assertThat(json.get("symptoms").get(0).get("symptom").textValue()).isEqualTo("errors");
    assertThat(json.get("summary").get("values").longValue()).isEqualTo(120);
  }

  @Test
  void aProcessorAtItsLimitInAFileOfOtlpGauges_isASymptomOfTheService() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 180; i++) {
      lines.append(gauge(i, "a", i < 100 ? 0.3 : 0.97)).append(gauge(i, "b", 0.96));
    }
    Path file = Files.writeString(directory.resolve("gauges.json"), lines);
    Path report = directory.resolve("r.json");
    Path picture = directory.resolve("r.html");
    Called called =
        Called.with("backtest", "--input=" + file, "--out=" + report, "--picture=" + picture);

    assertThat(called.err()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(Files.readString(report));
    assertThat(json.get("symptoms")).hasSize(1);
    JsonNode symptom = json.get("symptoms").get(0);
    assertThat(symptom.get("dependency").textValue()).isEqualTo("payments");
    assertThat(symptom.get("symptom").textValue()).isEqualTo("saturation");
    Instant from = Instant.parse(symptom.get("from").textValue());
    assertThat(from.getEpochSecond()).isBetween(START + 1_010, START + 1_200);
    assertThat(json.get("transitions")).isEmpty();
    assertThat(json.get("summary").get("gaps").longValue()).isZero();
    assertThat(Files.readString(picture)).contains("payments").contains("cpu");
  }

  private static String gauge(int export, String instance, double share) {
    String line =
        """
        {'resourceMetrics':[{'resource':{'attributes':[\
        {'key':'service.name','value':{'stringValue':'payments'}},\
        {'key':'service.instance.id','value':{'stringValue':'%s'}}]},\
        'scopeMetrics':[{'metrics':[{'name':'process.cpu.utilization','gauge':{'dataPoints':[\
        {'timeUnixNano':'%d','asDouble':%s}]}}]}]}]}
        """
            .formatted(instance, (START + 10L * export) * 1_000_000_000, share);
    return line.replace('\'', '"');
  }

  /** A process that began with START exports every ten seconds what it has counted since. */
  private static String export(int export, int status, int calls) {
    String error = status < 500 ? "" : ",{'key':'error.type','value':{'stringValue':'503'}}";
    String line =
        """
        {'resourceMetrics':[{'resource':{'attributes':[
         {'key':'service.name','value':{'stringValue':'checkout'}},
         {'key':'service.instance.id','value':{'stringValue':'checkout-1'}}]},
         'scopeMetrics':[{'metrics':[{'name':'http.client.request.duration','unit':'s',
         'histogram':{'aggregationTemporality':2,'dataPoints':[{
         'startTimeUnixNano':'%d000000000','timeUnixNano':'%d000000000','count':'%d','sum':1,
         'explicitBounds':[0.01,0.1],'bucketCounts':['0','%d','0'],'attributes':[
         {'key':'server.address','value':{'stringValue':'payments'}}%s]}]}}]}]}]}
        """;
    return line.replace("\n", "")
            .replace('\'', '"')
            .formatted(START, START + 10L * export, calls, calls, error.replace('\'', '"'))
        + "\n";
  }

  @Test
  void twoPoliciesAreCompared() throws Exception {
    Path policy = directory.resolve("p.yaml");
    Files.writeString(policy, "default:\n  errors: { acceptedShare: 0.7 }\n");
    Path report = directory.resolve("r.json");
    Called called =
        Called.with(
            "backtest",
            "--input=" + measurements(),
            "--policy=" + policy,
            "--against=built-in",
            "--out=" + report);

    assertThat(called.err()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(Files.readString(report));
    assertThat(json.get("summary").get("trips").longValue()).isZero();
    assertThat(json.get("comparison")).hasSize(1);
    assertThat(json.get("comparison").get(0).get("summary").get("trips").longValue()).isPositive();
    assertThat(called.out()).contains("Policy " + policy, "Policy built-in");
  }

  @Test
  void whatIsNeitherFileNorTopic_isNamed() {
    Called file = Called.with("backtest", "--input=none.csv");
    assertThat(file.exitCode()).isEqualTo(2);
    assertThat(file.err())
        .isEqualTo(
            "switchgear: --input: none.csv (expected: a file, or a topic such as"
                + " switchgear.observations)\n");
  }

  @Test
  void aTopicThatHoldsNoHistory_isNamed_beforeKafkaIsAsked() {
    Called topic = Called.with("backtest", "--input=switchgear.observatons", "--kafka=localhost:1");
    assertThat(topic.exitCode()).isEqualTo(2);
    assertThat(topic.err())
        .isEqualTo(
            "switchgear: --input: switchgear.observatons (did you mean switchgear.observations?"
                + " expected: a file, or one of switchgear.observations, switchgear.spans, switchgear.metrics)\n");
  }

  @Test
  void aTimeThatIsNone_isNamed() {
    Called from = Called.with("backtest", "--input=switchgear.spans", "--from=yesterday");
    assertThat(from.exitCode()).isEqualTo(2);
    assertThat(from.err()).contains("yesterday (expected: a time such as 2026-01-31T12:00:00Z)");
  }

  @Test
  void aLineThatMakesNoSense_isNamed() throws Exception {
    Path file = directory.resolve("m.csv");
    Files.writeString(file, "time,dependency,metric,value\n1700000000,payments,cpus,1\n");
    Called called = Called.with("backtest", "--input=" + file);

    assertThat(called.exitCode()).isEqualTo(2);
    assertThat(called.err())
        .startsWith("switchgear: " + file + ":2: metric: cpus (did you mean cpu? expected: one of");
  }

  /** Two hours, the first of them well. */
  private Path measurements() throws IOException {
    StringBuilder rows = new StringBuilder("time,dependency,metric,value\n");
    for (long at = START; at < START + 7_200; at += 15) {
      boolean ill = at >= FAILS && at < FAILS + 300;
      rows.append(at).append(",payments,request_rate,20\n");
      rows.append(at).append(",payments,error_rate,").append(ill ? 0.6 : 0.001).append('\n');
    }
    return Files.writeString(directory.resolve("metrics.csv"), rows);
  }
}
