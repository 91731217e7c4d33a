package dev.switchgear.console.backtest;

import dev.switchgear.detector.backtest.Backtest;
import java.nio.file.Path;
import java.util.List;

/** What has happened, ready to be judged, as often as there are policies to try. */
public interface History {

  /** Shows it all to a backtest. */
  void replay(Backtest backtest);

  /** Records or values that were read. */
  long values();

  /** Those that said nothing. */
  long gaps();

  /** What is known of a breaker, to be drawn. */
  List<Curve> curves(String breaker);

  /**
   * Reads a file of measurements.
   *
   * @throws HistoryException if it is not as it should be
   */
  static History read(Path file) {
    return MetricFile.read(file);
  }
}
