package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Whoever continues from a commit attempts exactly what was not finished at that commit. */
class PartitionProgressTest {

  private static final int RECORDS = 100;

  @Property(tries = 200)
  void afterEveryCommit_exactlyTheUnfinishedAreTakenAgain(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 40) int commits) {
    List<Long> offsets = offsets(random);
    Set<Long> finished = new TreeSet<>();
    OffsetAndMetadata committed = new OffsetAndMetadata(0);
    for (int i = 0; i < commits; i++) {
      PartitionProgress progress = new PartitionProgress(committed);
      Set<Long> taken = take(progress, offsets, committed);
      Set<Long> unfinished = new TreeSet<>(offsets);
      unfinished.removeAll(finished);
      assertThat(taken).isEqualTo(unfinished);

      List<Long> finishing = taken.stream().filter(offset -> random.nextInt(4) == 0).toList();
      for (Long offset : finishing) {
        committed = progress.after(List.of(offset));
        progress.finish(List.of(offset));
        finished.add(offset);
      }
      for (Long offset : offsets) {
        assertThat(PartitionProgress.isFinished(offset, committed))
            .isEqualTo(finished.contains(offset));
      }
    }
  }

  @Property(tries = 200)
  void metadata_holdsWhatWasPutIn(
      @ForAll @IntRange(max = 1_000_000) int committed, @ForAll Random random) {
    Set<Long> ahead = new TreeSet<>();
    for (int i = 0; i < 50; i++) {
      ahead.add(committed + (long) random.nextInt(FinishedAhead.REACH));
    }

    String metadata = FinishedAhead.encode(committed, ahead);

    assertThat(FinishedAhead.decode(committed, metadata)).isEqualTo(ahead);
    assertThat(metadata.length()).isLessThan(4_096);
  }

  @Example
  void metadataOfSomebodyElse_meansNothing() {
    assertThat(FinishedAhead.decode(5, "")).isEmpty();
    assertThat(FinishedAhead.decode(5, "by a tool")).isEmpty();
    assertThat(FinishedAhead.decode(5, "1:%%%")).isEmpty();
  }

  @Example
  void farBeyondAnUnfinishedOffset_nothingMayBeAttempted() {
    PartitionProgress progress = new PartitionProgress(null);
    progress.take(10);

    assertThat(progress.isInReach(10 + FinishedAhead.REACH - 1)).isTrue();
    assertThat(progress.isInReach(10 + FinishedAhead.REACH)).isFalse();
    progress.finish(List.of(10L));
    assertThat(progress.isInReach(10 + FinishedAhead.REACH)).isTrue();
  }

  /** With holes, as transaction markers leave them. */
  private static List<Long> offsets(Random random) {
    List<Long> offsets = new ArrayList<>();
    long offset = random.nextInt(5);
    for (int i = 0; i < RECORDS; i++) {
      offsets.add(offset);
      offset += 1 + random.nextInt(3);
    }
    return offsets;
  }

  private static Set<Long> take(
      PartitionProgress progress, List<Long> offsets, OffsetAndMetadata committed) {
    Set<Long> taken = new TreeSet<>();
    for (Long offset : offsets) {
      if (offset >= committed.offset() && progress.take(offset)) {
        taken.add(offset);
      }
    }
    return taken;
  }
}
