package dev.switchgear.schemas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SchemaDirectoryIT {

  private static EmbeddedKafka kafka;
  private static Cluster cluster;
  private static Map<String, Object> config;

  @BeforeAll
  static void startKafka() {
    kafka = EmbeddedKafka.start();
    cluster = new Cluster(kafka.bootstrapServers());
    config = Map.of("bootstrap.servers", kafka.bootstrapServers());
    TopicProvisioning.provision(config, List.of());
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void aSchemaOfAnotherProgram_isFoundOnTheCluster() {
    Schema foreign = heartbeatWith("cores");
    publish(foreign);

    Heartbeat read =
        new Records(SchemaDirectory.onCluster(config))
            .deserializer(Heartbeat.class)
            .deserialize("switchgear.heartbeats", written(foreign, "cores"));

    assertThat(read.getRole()).isEqualTo("guard");
    assertThat(read.getAtMillis()).isEqualTo(7);
    assertThat(read.getDropped()).isZero();
  }

  @Test
  void aSchemaPublishedAfterItWasMissed_isFoundThen() {
    Schema late = heartbeatWith("late");
    SchemaDirectory directory = SchemaDirectory.onCluster(config);
    assertThat(directory.findByFingerprint(fingerprint(late))).isNull();

    publish(late);

    Eventually.holds(
        "the schema is found", () -> directory.findByFingerprint(fingerprint(late)) != null);
  }

  @Test
  void aSchemaThatNobodyPublished_isMissed_andTheRecordRefused() {
    Schema secret = heartbeatWith("secret");
    byte[] bytes = written(secret, "secret");
    var deserializer = new Records(SchemaDirectory.onCluster(config)).deserializer(Heartbeat.class);

    assertThatThrownBy(() -> deserializer.deserialize("switchgear.heartbeats", bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessage("Not a Heartbeat (" + bytes.length + " bytes on switchgear.heartbeats)");
  }

  @Test
  void whatIsNoSchema_isPassedOver() {
    cluster.send(Topics.SCHEMAS, Map.of("feed", "{\"type\":", "face", "hello"));
    Schema after = heartbeatWith("after");
    publish(after);

    assertThat(SchemaDirectory.onCluster(config).findByFingerprint(fingerprint(after)))
        .isEqualTo(after);
  }

  @Test
  void withoutKafka_theSchemasOfThisBuildAreKnown_andOthersMissed() {
    String gone;
    try (Sockets free = Sockets.bind(0)) {
      gone = free.bootstrapServers();
    }
    SchemaDirectory directory = SchemaDirectory.onCluster(Map.of("bootstrap.servers", gone));

    assertThat(directory.findByFingerprint(fingerprint(Heartbeat.getClassSchema())))
        .isEqualTo(Heartbeat.getClassSchema());
    assertThat(directory.findByFingerprint(42)).isNull();
  }

  /** A heartbeat as another build might write it. */
  private static Schema heartbeatWith(String field) {
    String json = Heartbeat.getClassSchema().toString();
    String more = "\"fields\":[{\"name\":\"" + field + "\",\"type\":\"int\"},";
    return new Schema.Parser().parse(json.replace("\"fields\":[", more));
  }

  private static byte[] written(Schema schema, String field) {
    var heartbeat =
        new GenericRecordBuilder(schema)
            .set(field, 1)
            .set("role", "guard")
            .set("instance", "a")
            .set("atMillis", 7L)
            .set("startedAtMillis", 5L)
            .build();
    try {
      ByteBuffer buffer = new BinaryMessageEncoder<>(GenericData.get(), schema).encode(heartbeat);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void publish(Schema schema) {
    cluster.send(Topics.SCHEMAS, Map.of(Long.toHexString(fingerprint(schema)), schema.toString()));
  }

  private static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }
}
