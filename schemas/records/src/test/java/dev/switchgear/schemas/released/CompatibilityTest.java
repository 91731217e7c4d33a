package dev.switchgear.schemas.released;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.SchemaDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.idl.IdlReader;
import org.junit.jupiter.api.Test;

class CompatibilityTest {

  /** A released record with one of everything that fields are made of. */
  private static final String RELEASED =
      """
      record Order {
        string id;
        Status status;
        int cents;
        bytes receipt;
        union { null, string } note = null;
        array<string> tags = [];
        map<long> counts = {};
        Address address;
      }
      """;

  private static final String STATUS = "enum Status { UNKNOWN, PAID, SENT } = UNKNOWN;";
  private static final String ADDRESS = "record Address { string street; }";

  @Test
  void theSameSchemas_breakNothing() {
    assertThat(change("id;", "id;")).isEmpty();
  }

  @Test
  void docsAndOrderOfFields_mayChange() {
    assertThat(change("string id;\n  Status status;", "/** New. */ Status status;\n  string id;"))
        .isEmpty();
  }

  @Test
  void aNewField_needsADefault() {
    assertThat(change("string id;", "string id; long weight = 0;")).isEmpty();
    assertThat(change("string id;", "string id; long weight;"))
        .containsExactly(
            "Order.weight: records of 0.1 lack the field and it has no default."
                + " Remedy: give it a default.");
  }

  @Test
  void aFieldWithoutDefault_mustStay() {
    assertThat(change("string id;", ""))
        .containsExactly(
            "Order.id: the field is gone, and programs of 0.1 cannot do without it."
                + " Remedy: put it back.");
  }

  @Test
  void aFieldWithDefault_mayGo() {
    assertThat(change("union { null, string } note = null;", "")).isEmpty();
  }

  @Test
  void aRenamedField_isOneGoneAndOneNew() {
    assertThat(change("int cents", "int amountCents"))
        .containsExactly(
            "Order.amountCents: records of 0.1 lack the field and it has no default."
                + " Remedy: give it a default.",
            "Order.cents: the field is gone, and programs of 0.1 cannot do without it."
                + " Remedy: put it back.");
  }

  @Test
  void aWiderNumber_isRefused_becauseOldProgramsCannotReadIt() {
    assertThat(change("int cents", "long cents"))
        .containsExactly(
            "Order.cents: programs of 0.1 cannot read today's records (reader type: INT not"
                + " compatible with writer type: LONG). Remedy: leave the field as it was and add"
                + " another, with a default.");
  }

  @Test
  void anotherType_isRefusedBothWays() {
    assertThat(change("int cents", "boolean cents"))
        .hasSize(2)
        .allMatch(breach -> breach.startsWith("Order.cents: "));
  }

  @Test
  void aFieldThatBecomesOptional_isRefused_becauseOldProgramsCannotReadNull() {
    assertThat(change("string id", "union { null, string } id = null"))
        .singleElement()
        .asString()
        .startsWith("Order.id: programs of 0.1 cannot read today's records");
  }

  @Test
  void anotherBranchOfAUnion_isRefused() {
    assertThat(change("union { null, string } note", "union { null, string, long } note"))
        .singleElement()
        .asString()
        .startsWith("Order.note: programs of 0.1 cannot read today's records");
  }

  @Test
  void aBranchLess_isRefused() {
    assertThat(change("union { null, string } note = null", "string note = \"\""))
        .singleElement()
        .asString()
        .startsWith("Order.note: today's programs cannot read records of 0.1");
  }

  @Test
  void typesInsideArraysAndMaps_areCompared() {
    assertThat(change("array<string> tags", "array<long> tags")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(change("map<long> counts", "map<int> counts"))
        .singleElement()
        .asString()
        .startsWith("Order.counts: today's programs can");
  }

  @Test
  void textThatBecomesBytes_isRefused_whereverItIs() {
    String breach = ": text became bytes since 0.1, or bytes text. Remedy: leave the field";
    assertThat(change("string id", "bytes id")).singleElement().asString().contains(breach);
    assertThat(change("bytes receipt", "string receipt"))
        .singleElement()
        .asString()
        .contains("Order.receipt" + breach);
    assertThat(change("array<string> tags", "array<bytes> tags")).hasSize(1);
    assertThat(change("union { null, string } note", "union { null, bytes } note")).hasSize(1);
  }

  @Test
  void aNewSymbol_mayCome() {
    assertThat(change("SENT }", "SENT, RETURNED }")).isEmpty();
  }

  @Test
  void aSymbol_mustStay() {
    assertThat(change("PAID, SENT }", "PAID }"))
        .containsExactly(
            "Status.SENT: the symbol is gone, and records of 0.1 would read as UNKNOWN."
                + " Remedy: put it back.");
  }

  @Test
  void aRenamedEnum_isRefused() {
    assertThat(change("Status", "Standing"))
        .isNotEmpty()
        .allMatch(breach -> breach.startsWith("Order.status: "))
        .allMatch(breach -> breach.endsWith("Remedy: give the type its old name again."));
  }

  @Test
  void aRecordInsideARecord_isNamedAsItsOwner() {
    assertThat(change("string street;", "string street; string zip;"))
        .containsExactly(
            "Address.zip: records of 0.1 lack the field and it has no default."
                + " Remedy: give it a default.");
  }

  @Test
  void aRecord_mustStay() {
    List<Schema> released = schemas(RELEASED + STATUS + ADDRESS);
    assertThat(Compatibility.breaches("0.1", released, List.of()))
        .extracting(Breach::toString)
        .contains(
            "Address: the record is gone, and topics may hold records of 0.1."
                + " Remedy: put it back.");
  }

  @Test
  void aNewRecord_mayCome() {
    assertThat(change("record Address", "record Invoice { long number; } record Address"))
        .isEmpty();
  }

  @Test
  void anEnumWithoutUnknownAsDefault_breaksTheRules() {
    assertThat(rules("enum Size { SMALL, LARGE } record Box { Size size; }"))
        .containsExactly(
            "Size: the default of the enum is null (expected: UNKNOWN), so programs of this build"
                + " could not read symbols to come. Remedy: declare the symbol UNKNOWN and end the"
                + " enum with \"= UNKNOWN;\".");
    assertThat(rules("enum Size { UNKNOWN, LARGE } = LARGE; record Box { array<Size> sizes; }"))
        .singleElement()
        .asString()
        .contains("is LARGE (expected: UNKNOWN)");
    assertThat(rules("enum Size { UNKNOWN, LARGE } = UNKNOWN; record Box { Size size; }"))
        .isEmpty();
  }

  @Test
  void aBreakingChangeOfOurOwnRecords_isFound() {
    List<Schema> released = SchemaDirectory.builtIn();
    List<Schema> today =
        released.stream()
            .map(Schema::toString)
            .map(
                json ->
                    json.replace(
                        "\"admittedShare\",\"type\":\"int\"", "\"share\",\"type\":\"int\""))
            .map(json -> new Schema.Parser().parse(json))
            .toList();

    assertThat(Compatibility.breaches("0.1", released, today))
        .extracting(Breach::where)
        .containsExactlyInAnyOrder(
            "BreakerState.share",
            "BreakerState.admittedShare",
            "BreakerTransition.share",
            "BreakerTransition.admittedShare");
  }

  /** Messages of the breaches after replacing a part of the released declarations. */
  private static List<String> change(String part, String replacement) {
    String released = RELEASED + STATUS + ADDRESS;
    assertThat(released).contains(part);
    String today = released.replace(part, replacement);
    return Compatibility.breaches("0.1", schemas(released), schemas(today)).stream()
        .map(Breach::toString)
        .toList();
  }

  private static List<String> rules(String declarations) {
    return Compatibility.brokenRules(schemas(declarations)).stream().map(Breach::toString).toList();
  }

  private static List<Schema> schemas(String declarations) {
    String idl = "@namespace(\"shop\") protocol Shop {" + declarations + "}";
    try (var in = new ByteArrayInputStream(idl.getBytes(StandardCharsets.UTF_8))) {
      return new IdlReader()
          .parse(in).getProtocol().getTypes().stream()
              .filter(type -> type.getType() == Schema.Type.RECORD)
              .toList();
    } catch (IOException e) {
      throw new AssertionError(idl, e);
    }
  }
}
