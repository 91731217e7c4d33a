package dev.switchgear.detector;

import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesEvent;
import dev.switchgear.schemas.SymptomState;
import java.util.List;
import java.util.Locale;

/** Symptoms in measures as they are published, and as a breaker takes them. */
final class SeriesSymptoms {

  private static final int MOST_CALLERS = 16;

  private SeriesSymptoms() {}

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  static SymptomState of(LiveSeries series, SeriesEvent.Began began) {
    boolean ofCalls = began.measure() == Measure.CALLS_PER_SECOND;
    boolean fills = Double.isFinite(began.secondsToFull());
    List<String> callers =
        ofCalls ? series.rate().missing(MOST_CALLERS) : series.rate().services(MOST_CALLERS);
    return SymptomState.newBuilder()
        .setBreaker(series.id())
        .setKind(Bulletin.kind(began.kind()))
        .setSinceMillis(began.sinceMillis())
        .setSeenAtMillis(began.atMillis())
        .setMeasure(began.measure().name().toLowerCase(Locale.ROOT))
        .setValue(began.value())
        .setUsual(began.usual())
        .setStrength(began.strength())
        .setStrengthWanted(began.strengthWanted())
        .setReason(reason(began))
        .setCallers(callers)
        .setRisePerSecond(ofCalls ? 0 : began.risePerSecond())
        .setSecondsToFull(fills ? began.secondsToFull() : null)
        .build();
  }

  /** What a breaker opens for. */
  static Symptom evidence(Symptom.Kind kind, SymptomState symptom) {
    return Symptom.ofSeries(
        kind,
        new Symptom.Series(
            symptom.getMeasure(), symptom.getValue(), symptom.getUsual(), symptom.getSinceMillis()),
        symptom.getStrength(),
        symptom.getStrengthWanted());
  }

  private static String reason(SeriesEvent.Began began) {
    String measure = began.measure().name().toLowerCase(Locale.ROOT);
    Symptom.Series series =
        new Symptom.Series(measure, began.value(), began.usual(), began.sinceMillis());
    String level =
        Symptom.ofSeries(began.kind(), series, began.strength(), began.strengthWanted()).describe();
    double seconds = began.secondsToFull();
    return seconds > 0 && Double.isFinite(seconds)
        ? level + String.format(Locale.ROOT, ", full in %.0f s if it goes on like this", seconds)
        : level;
  }
}
