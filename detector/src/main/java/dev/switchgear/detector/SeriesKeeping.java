package dev.switchgear.detector;

import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesMemory;
import dev.switchgear.detector.state.KeptEpisode;
import dev.switchgear.detector.state.KeptMeasure;
import dev.switchgear.detector.state.KeptPast;
import dev.switchgear.detector.state.KeptPoint;
import dev.switchgear.detector.state.KeptSlot;
import dev.switchgear.detector.state.KeptWatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a judge of measures knows as it is kept on a changelog, and back. */
final class SeriesKeeping {

  private SeriesKeeping() {}

  static List<KeptMeasure> kept(SeriesMemory memory) {
    return memory.measures().stream().map(SeriesKeeping::kept).toList();
  }

  static SeriesMemory memory(List<KeptMeasure> kept) {
    return new SeriesMemory(kept.stream().map(SeriesKeeping::measure).toList());
  }

  private static KeptMeasure kept(SeriesMemory.OfMeasure memory) {
    return new KeptMeasure(
        memory.measure().name(),
        memory.distances(),
        memory.lastMillis(),
        memory.block(),
        memory.trend().stream().map(each -> new KeptPoint(each.atMillis(), each.value())).toList(),
        kept(memory.fine()),
        kept(memory.coarse()),
        keptOrNull(memory.limit()));
  }

  @SuppressWarnings("NullAway") // The generated constructor takes null where the schema does.
  private static KeptWatch keptOrNull(SeriesMemory.@Nullable OfWatch memory) {
    return memory == null ? null : kept(memory);
  }

  private static KeptWatch kept(SeriesMemory.OfWatch memory) {
    return new KeptWatch(
        kept(memory.episode()),
        memory.pending(),
        memory.kind().name(),
        memory.value(),
        memory.wanted(),
        memory.pasts().stream().map(KeptPast::new).toList(),
        memory.season().stream().map(SeriesKeeping::kept).toList());
  }

  private static KeptSlot kept(SeriesMemory.OfSlot slot) {
    return new KeptSlot(slot.slot(), slot.mean(), slot.count());
  }

  private static KeptEpisode kept(SeriesMemory.OfEpisode memory) {
    return new KeptEpisode(
        memory.strength(),
        memory.highest(),
        memory.burst(),
        memory.sinceMillis(),
        memory.feltMillis(),
        memory.ill(),
        memory.illSinceMillis(),
        memory.lastFeltMillis(),
        memory.calmSamples());
  }

  private static SeriesMemory.OfMeasure measure(KeptMeasure kept) {
    KeptWatch limit = kept.getLimit();
    return new SeriesMemory.OfMeasure(
        Measure.valueOf(kept.getMeasure()),
        kept.getDistances(),
        kept.getLastMillis(),
        kept.getBlock(),
        kept.getTrend().stream().map(SeriesKeeping::point).toList(),
        watch(kept.getFine()),
        watch(kept.getCoarse()),
        limit == null ? null : watch(limit));
  }

  private static SeriesMemory.Point point(KeptPoint kept) {
    return new SeriesMemory.Point(kept.getAtMillis(), kept.getValue());
  }

  private static SeriesMemory.OfWatch watch(KeptWatch kept) {
    return new SeriesMemory.OfWatch(
        episode(kept.getEpisode()),
        kept.getPending(),
        Symptom.Kind.valueOf(kept.getKind()),
        kept.getValue(),
        kept.getWanted(),
        kept.getPasts().stream().map(KeptPast::getValues).toList(),
        kept.getSeason().stream().map(SeriesKeeping::slot).toList());
  }

  private static SeriesMemory.OfSlot slot(KeptSlot kept) {
    return new SeriesMemory.OfSlot(kept.getSlot(), kept.getMean(), kept.getCount());
  }

  private static SeriesMemory.OfEpisode episode(KeptEpisode kept) {
    return new SeriesMemory.OfEpisode(
        kept.getStrength(),
        kept.getHighest(),
        kept.getBurst(),
        kept.getSinceMillis(),
        kept.getFeltMillis(),
        kept.getIll(),
        kept.getIllSinceMillis(),
        kept.getLastFeltMillis(),
        kept.getCalmSamples());
  }
}
