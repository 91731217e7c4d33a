package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

class SequenceWindowPropertyTest {

  private static final long INCARNATION = 7;

  @Property(tries = 5_000)
  void itSaysTheSameAsASetOfAllNumbers_exceptThatOldOnesCountAsRepeated(
      @ForAll @NotEmpty @Size(max = 200) List<@LongRange(min = 0, max = 150) Long> numbers) {
    Set<Long> seen = new HashSet<>();
    SequenceWindow window = SequenceWindow.startingAt(INCARNATION, numbers.get(0));
    seen.add(numbers.get(0));
    long highest = numbers.get(0);
    for (long number : numbers.subList(1, numbers.size())) {
      boolean old = number <= highest - Long.SIZE;
      boolean repeats = window.repeats(INCARNATION, number);
      assertThat(repeats).as("%s after %s", number, seen).isEqualTo(old || seen.contains(number));
      if (!repeats) {
        window = window.with(INCARNATION, number);
        seen.add(number);
        highest = Math.max(highest, number);
      }
      assertThat(window.highest()).isEqualTo(highest);
    }
  }

  @Property(tries = 2_000)
  void anyNumberRepeatsOnceItHasBeenSeen(@ForAll long first, @ForAll long second) {
    SequenceWindow window = SequenceWindow.startingAt(INCARNATION, first);
    assertThat(window.repeats(INCARNATION, first)).isTrue();
    if (!window.repeats(INCARNATION, second)) {
      window = window.with(INCARNATION, second);
      assertThat(window.highest()).isEqualTo(Math.max(first, second));
      assertThat(window.repeats(INCARNATION, second)).isTrue();
      assertThat(window.repeats(INCARNATION, first)).isTrue();
    }
  }

  @Example
  void ofTwoIncarnationsTheLaterCounts() {
    SequenceWindow window = SequenceWindow.startingAt(INCARNATION, 100);
    assertThat(window.repeats(INCARNATION - 1, 101)).isTrue();
    assertThat(window.repeats(INCARNATION + 1, 100)).isFalse();
    SequenceWindow later = window.with(INCARNATION + 1, 0);
    assertThat(later).isEqualTo(SequenceWindow.startingAt(INCARNATION + 1, 0));
    assertThat(later.repeats(INCARNATION, 101)).isTrue();
  }
}
