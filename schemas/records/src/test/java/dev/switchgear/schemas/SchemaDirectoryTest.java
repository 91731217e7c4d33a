package dev.switchgear.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class SchemaDirectoryTest {

  @Test
  void everySchemaOfThisBuildIsKnownByItsFingerprint() {
    SchemaDirectory directory = SchemaDirectory.builtInOnly();
    assertThat(SchemaDirectory.builtIn())
        .isNotEmpty()
        .allSatisfy(
            schema ->
                assertThat(
                        directory.findByFingerprint(
                            SchemaNormalization.parsingFingerprint64(schema)))
                    .isEqualTo(schema));
  }

  @Test
  void aForeignFingerprint_isNotFound() {
    assertThat(SchemaDirectory.builtInOnly().findByFingerprint(42)).isNull();
  }

  @Test
  void whatIsAnnounced_canBeParsedAlone_andHasItsFingerprintAsKey() {
    assertThat(SchemaDirectory.announcements())
        .hasSameSizeAs(SchemaDirectory.builtIn())
        .allSatisfy(SchemaDirectoryTest::assertReadable);
  }

  private static void assertReadable(ProducerRecord<String, String> announcement) {
    Schema schema = new Schema.Parser().parse(announcement.value());
    assertThat(announcement.topic()).isEqualTo(Topics.SCHEMAS);
    assertThat(announcement.key())
        .isEqualTo(Long.toHexString(SchemaNormalization.parsingFingerprint64(schema)));
  }
}
