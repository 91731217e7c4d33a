package dev.switchgear.ingest.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextsTest {

  @Test
  void everyTypeOfAttributeBecomesText() {
    Attributes attributes =
        Attributes.builder()
            .put("text", "plain")
            .put("whole", 7)
            .put("real", 1.5)
            .put("truth", true)
            .put("texts", "a", "b\"c")
            .put("wholes", 1L, 2L)
            .put("reals", 1.5, 2.5)
            .put("truths", true, false)
            .put(AttributeKey.valueKey("nested"), Value.of(Map.of("k", Value.of(1))))
            .build();

    assertThat(Texts.of(attributes).map())
        .isEqualTo(
            Map.of(
                "text", "plain",
                "whole", "7",
                "real", "1.5",
                "truth", "true",
                "texts", "[\"a\",\"b\\\"c\"]",
                "wholes", "[1,2]",
                "reals", "[1.5,2.5]",
                "truths", "[true,false]",
                "nested", "{\"k\":1}"));
  }

  @Test
  void overTheCount_othersAreLeftOutButNotWhatIsRead() {
    Texts texts = new Texts();
    for (int i = 0; i < 1_000; i++) {
      texts.put("attribute-" + i, i);
    }
    texts.put("service.peer.name", "payments");

    assertThat(texts.map()).hasSize(Texts.COUNT + 1).containsEntry("attribute-127", "127");
    assertThat(texts.firstOf("service.peer.name")).isEqualTo("payments");
  }

  @Test
  void longValuesAreCut_andAllTogetherAreBounded() {
    Texts texts = new Texts();
    for (int i = 0; i < Texts.COUNT; i++) {
      texts.put("a" + i, "x".repeat(10_000));
    }

    assertThat(texts.map().values()).allMatch(each -> each.length() == Texts.VALUE_CHARS);
    assertThat(texts.map().values().stream().mapToInt(String::length).sum())
        .isLessThanOrEqualTo(Texts.TOTAL_CHARS);
  }

  @Test
  void cuttingLeavesCharactersWhole() {
    assertThat(Texts.cut("ab😀", 3)).isEqualTo("ab");
    assertThat(Texts.cut("ab😀", 4)).isEqualTo("ab😀");
  }

  @Test
  void firstOf_skipsWhatIsBlank() {
    Texts texts = new Texts().put("blank", " ").put("given", " payments ");

    assertThat(texts.firstOf("missing", "blank", "given")).isEqualTo("payments");
    assertThat(texts.firstOf("missing", "blank")).isNull();
  }
}
