package dev.switchgear.recovery.parking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class DivisionPropertyTest {

  /** One partition: what it obeys and what it has in flight, beside what it was granted. */
  private record Partition(int granted, int obeyed, int inFlight, int backlog, int oldest) {
    Division.Part part() {
      return new Division.Part(granted, Math.max(obeyed, inFlight), backlog, oldest);
    }

    Partition granted(int slots) {
      return new Partition(slots, obeyed, inFlight, backlog, oldest);
    }

    Partition reported() {
      int left = Math.min(inFlight, granted);
      return new Partition(granted, granted, left, backlog, oldest);
    }
  }

  @Property
  void neverAreMoreSlotsInUseThanTheLimitAllows(
      @ForAll @IntRange(min = 1, max = 50) int limit,
      @ForAll("backlogs") List<Partition> idle,
      @ForAll List<Integer> reporting) {
    List<Partition> partitions = new ArrayList<>(idle);
    for (int who : reporting) {
      divide(limit, partitions);
      assertThat(partitions.stream().mapToInt(p -> Math.max(p.granted(), p.obeyed())).sum())
          .isLessThanOrEqualTo(limit);
      int index = Math.floorMod(who, partitions.size());
      partitions.set(index, partitions.get(index).reported());
      Partition moved = partitions.get(index);
      partitions.set(index, new Partition(moved.granted(), moved.obeyed(), 0, who & 0xffff, who));
    }
  }

  @Property
  void onceAllHaveReported_everySlotIsInUse_andNoBusyPartitionHasNone(
      @ForAll @IntRange(min = 8, max = 500) int limit, @ForAll("busy") List<Partition> busy) {
    List<Partition> partitions = new ArrayList<>(busy);
    for (int i = 0; i < 3; i++) {
      divide(limit, partitions);
      partitions.replaceAll(Partition::reported);
    }
    List<Integer> slots = partitions.stream().map(Partition::granted).toList();
    assertThat(slots.stream().mapToInt(Integer::intValue).sum()).isEqualTo(limit);
    assertThat(slots).allMatch(each -> each >= 1);
  }

  @Property
  void withFewerSlotsThanPartitions_theOldestWorkGoesFirst(
      @ForAll @IntRange(min = 1, max = 3) int limit) {
    List<Partition> partitions =
        new ArrayList<>(
            IntStream.range(0, 4).mapToObj(i -> new Partition(0, 0, 0, 5, 100 - i)).toList());
    divide(limit, partitions);
    assertThat(partitions.stream().map(Partition::granted))
        .isEqualTo(IntStream.range(0, 4).mapToObj(i -> i >= 4 - limit ? 1 : 0).toList());
  }

  private static void divide(int limit, List<Partition> partitions) {
    List<Integer> slots = Division.divide(limit, partitions.stream().map(Partition::part).toList());
    for (int i = 0; i < slots.size(); i++) {
      partitions.set(i, partitions.get(i).granted(slots.get(i)));
    }
  }

  @Provide
  Arbitrary<List<Partition>> backlogs() {
    return partitions(0);
  }

  @Provide
  Arbitrary<List<Partition>> busy() {
    return partitions(1);
  }

  private static Arbitrary<List<Partition>> partitions(int leastBacklog) {
    return Combinators.combine(
            Arbitraries.integers().between(leastBacklog, 100_000),
            Arbitraries.integers().between(1, 1_000))
        .as((backlog, oldest) -> new Partition(0, 0, 0, backlog, oldest))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }
}
