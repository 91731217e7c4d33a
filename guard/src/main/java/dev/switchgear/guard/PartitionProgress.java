package dev.switchgear.guard;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which offsets of a partition are finished. Items finish out of order, and one that hangs must not
 * keep back the outcomes of those after it; so what is committed is the first unfinished offset
 * and, as metadata, what is {@link FinishedAhead} of it. One thread uses it.
 */
final class PartitionProgress {

  private final NavigableSet<Long> unfinished = new TreeSet<>();
  private final NavigableSet<Long> ahead;
  private long next;

  /** Continues from a commit; null if there is none. */
  PartitionProgress(@Nullable OffsetAndMetadata committed) {
    this.next = committed == null ? 0 : committed.offset();
    this.ahead =
        committed == null
            ? new TreeSet<>()
            : FinishedAhead.decode(committed.offset(), committed.metadata());
  }

  /** Takes the record at an offset; false if it is finished already. */
  boolean take(long offset) {
    next = offset + 1;
    return !ahead.contains(offset) && unfinished.add(offset);
  }

  /** What to commit for the given offsets to be finished. */
  OffsetAndMetadata after(Collection<Long> finishing) {
    NavigableSet<Long> left = new TreeSet<>(unfinished);
    finishing.forEach(left::remove);
    long committed = left.isEmpty() ? next : left.first();
    NavigableSet<Long> beyond = new TreeSet<>(ahead);
    beyond.addAll(finishing);
    return new OffsetAndMetadata(
        committed, FinishedAhead.encode(committed, beyond.tailSet(committed, true)));
  }

  /** The given offsets are committed as finished. */
  void finish(Collection<Long> finished) {
    finished.forEach(unfinished::remove);
    ahead.addAll(finished);
    ahead.headSet(unfinished.isEmpty() ? next : unfinished.first(), false).clear();
  }

  /** Whether a commit says that the offset is finished. */
  static boolean isFinished(long offset, @Nullable OffsetAndMetadata committed) {
    return committed != null
        && (offset < committed.offset()
            || FinishedAhead.decode(committed.offset(), committed.metadata()).contains(offset));
  }

  /** Whether an offset, once finished, can be told in a commit's metadata. */
  boolean isInReach(long offset) {
    return unfinished.isEmpty() || offset - unfinished.first() < FinishedAhead.REACH;
  }
}
