package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.Symptom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the times in which nothing was heard of a dependency of which there always is something.
 * While most others are heard of, that is silence: it, or whoever measures it, has gone. Where the
 * others fall silent as well, nobody was measuring; that is blindness, and no symptom.
 */
final class Absences {

  /** A minute, and five times the usual distance of two samples. */
  private static final long SHORTEST_MILLIS = 60_000;

  private static final int INTERVALS = 5;

  /** An absence is news where the longest so far was a third as long. */
  private static final int LONGER_THAN_EVER = 3;

  /** Whoever has been heard of less often than this may come and go. */
  private static final int KNOWN_SAMPLES = 30;

  private final List<Absence> absences = new ArrayList<>();
  private long samples;
  private long firstMillis;
  private long lastMillis;
  private long usualMillis;
  private long longestMillis;

  /**
   * Nothing was heard of somebody.
   *
   * @param lastMillis when it was heard of last
   * @param provenMillis when its absence was too long to be chance
   * @param toMillis when it was heard of again; null for never
   */
  private record Absence(long lastMillis, long provenMillis, @Nullable Long toMillis) {}

  void heard(long atMillis) {
    if (samples == 0) {
      firstMillis = atMillis;
    } else {
      long distance = atMillis - lastMillis;
      if (known() && isNews(distance)) {
        absences.add(new Absence(lastMillis, lastMillis + longest(), atMillis));
      }
      longestMillis = Math.max(longestMillis, distance);
      usualMillis = usualMillis == 0 ? distance : usualMillis + (distance - usualMillis) / 8;
    }
    samples++;
    lastMillis = Math.max(lastMillis, atMillis);
  }

  /** The usual distance of two samples; 0 as long as nobody knows. */
  long usualMillis() {
    return usualMillis;
  }

  /** Whether it was heard of in a stretch of time, as far as its first and last sample tell. */
  boolean heardThroughout(long fromMillis, long toMillis) {
    return firstMillis <= fromMillis
        && lastMillis >= toMillis
        && absences.stream()
            .noneMatch(each -> each.lastMillis() < toMillis && endsAfter(each, fromMillis));
  }

  /**
   * The absences that are symptoms.
   *
   * @param others those whom somebody else measures
   * @param endMillis where the record ends
   */
  List<FeltSymptom> silences(String dependency, Collection<Absences> others, long endMillis) {
    List<Absence> all = new ArrayList<>(absences);
    if (known() && isNews(endMillis - lastMillis)) {
      all.add(new Absence(lastMillis, lastMillis + longest(), null));
    }
    List<FeltSymptom> felt = new ArrayList<>();
    for (Absence each : all) {
      long heard =
          others.stream()
              .filter(other -> other.heardThroughout(each.lastMillis(), each.provenMillis()))
              .count();
      if (heard > 0 && 2 * heard >= others.size()) {
        felt.add(silence(dependency, each));
      }
    }
    return felt;
  }

  private static boolean endsAfter(Absence absence, long millis) {
    Long to = absence.toMillis();
    return to == null || to > millis;
  }

  private boolean known() {
    return samples >= KNOWN_SAMPLES;
  }

  private boolean isNews(long distance) {
    return distance >= longest();
  }

  private long longest() {
    return Math.max(
        Math.max(SHORTEST_MILLIS, INTERVALS * usualMillis), LONGER_THAN_EVER * longestMillis);
  }

  private FeltSymptom silence(String dependency, Absence absence) {
    double seconds = (absence.provenMillis() - absence.lastMillis()) / 1e3;
    var evidence =
        new FeltSymptom.Evidence(
            absence.lastMillis(),
            "absence",
            seconds,
            usualMillis / 1e3,
            samples,
            KNOWN_SAMPLES,
            "nothing heard for " + seconds + " s, while most others were");
    return new FeltSymptom(
        dependency, Symptom.Kind.SILENCE, absence.provenMillis(), absence.toMillis(), evidence);
  }
}
