package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NameCountsTest {

  @Test
  void eachNameIsCountedForItself_inTheOrderOfNames() {
    NameCounts counts = new NameCounts();
    counts.add("b", 1);
    counts.addAll(Map.of("a", 2L, "b", 3L, "never", 0L));
    assertThat(counts.toMap()).containsExactly(Map.entry("a", 2L), Map.entry("b", 4L));
  }

  @Test
  void namesOverTheLimitAndMessagesCountUnderOthers() {
    NameCounts counts = new NameCounts();
    for (int i = 0; i < 20; i++) {
      counts.add("name" + i, 1);
    }
    counts.add("x".repeat(201), 5);
    counts.add("name3", 1);
    assertThat(counts.toMap()).hasSize(17).containsEntry("*", 9L).containsEntry("name3", 2L);
  }

  @Test
  void mergingAddsUp() {
    NameCounts one = new NameCounts();
    one.add("a", 1);
    NameCounts other = new NameCounts();
    other.add("a", 2);
    other.add("b", 3);
    one.addAll(other);
    assertThat(one.toMap()).isEqualTo(Map.of("a", 3L, "b", 3L));
  }
}
