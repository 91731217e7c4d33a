package dev.switchgear.recovery.parking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides a queue's in-flight limit over the partitions, so that together they never exceed it and
 * the fullest get most.
 *
 * <p>Each partition gets one slot, and the rest goes by the backlog; so work that arrives in an
 * empty partition need not wait for a division. Where there are fewer slots than partitions, those
 * with the oldest work get one.
 *
 * <p>A slot moves in two steps, because partitions learn of a division at different moments: first
 * one partition loses it, and only after that partition reports that it no longer uses it does the
 * other get it.
 */
public final class Division {

  /**
   * What is known of one partition.
   *
   * @param granted slots it was given last
   * @param occupied slots it may be using: at least what it obeys, at least what it has in flight
   * @param backlog unfinished items
   * @param oldestParkedAtMillis when its oldest item was parked
   */
  public record Part(int granted, int occupied, long backlog, long oldestParkedAtMillis) {}

  private Division() {}

  /** Slots of each partition, in the order given. */
  public static List<Integer> divide(int limit, List<Part> parts) {
    int[] targets = limit >= parts.size() ? byBacklog(limit, parts) : byAge(limit, parts);
    int[] held = new int[parts.size()];
    for (int i = 0; i < held.length; i++) {
      held[i] = Math.max(parts.get(i).occupied(), Math.min(parts.get(i).granted(), targets[i]));
    }
    int free = limit - IntStream.of(held).sum();
    int[] slots = new int[parts.size()];
    for (int i : neediest(parts, targets, held)) {
      int more = Math.max(0, Math.min(free, targets[i] - held[i]));
      slots[i] = Math.min(targets[i], held[i] + more);
      free -= more;
    }
    return IntStream.of(slots).boxed().toList();
  }

  private static int[] byBacklog(int limit, List<Part> parts) {
    int spare = limit - parts.size();
    long backlog = Math.max(1, parts.stream().mapToLong(Part::backlog).sum());
    int[] targets =
        parts.stream().mapToInt(part -> 1 + (int) (spare * part.backlog() / backlog)).toArray();
    int left = limit - IntStream.of(targets).sum();
    List<Integer> fullestFirst = indices(parts);
    fullestFirst.sort(Comparator.comparingLong((Integer i) -> parts.get(i).backlog()).reversed());
    for (int n = 0; n < left; n++) {
      targets[fullestFirst.get(n % targets.length)]++;
    }
    return targets;
  }

  private static int[] byAge(int limit, List<Part> parts) {
    int[] targets = new int[parts.size()];
    indices(parts).stream()
        .filter(i -> parts.get(i).backlog() > 0)
        .sorted(Comparator.comparingLong(i -> parts.get(i).oldestParkedAtMillis()))
        .limit(limit)
        .forEach(i -> targets[i] = 1);
    return targets;
  }

  /** Those with least of what they should have come first, so that nobody is left with nothing. */
  private static List<Integer> neediest(List<Part> parts, int[] targets, int[] held) {
    List<Integer> order = indices(parts);
    order.sort(Comparator.comparingDouble(i -> held[i] / (double) Math.max(1, targets[i])));
    return order;
  }

  private static List<Integer> indices(List<Part> parts) {
    return new ArrayList<>(IntStream.range(0, parts.size()).boxed().toList());
  }
}
