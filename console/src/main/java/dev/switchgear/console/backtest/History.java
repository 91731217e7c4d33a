package dev.switchgear.console.backtest;

import dev.switchgear.detector.backtest.Backtest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What has happened, ready to be judged, as often as there are policies to try. */
public sealed interface History permits Measurements, Observations {

  /** Shows it all to a backtest. */
  void replay(Backtest backtest);

  /** Measurements, observations or spans that were read. */
  long values();

  /** Those that said nothing. */
  long gaps();

  /** What is known of a breaker, to be drawn. */
  List<Curve> curves(String breaker);

  /**
   * Reads a file: OTLP JSON where its first line begins with a brace, CSV else.
   *
   * @throws HistoryException if it is not as it should be
   */
  static History read(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String first = lines.readLine();
      boolean json = first != null && first.stripLeading().startsWith("{");
      return json ? OtlpFile.read(file) : MetricFile.read(file);
    } catch (IOException e) {
      throw new HistoryException(file + ": cannot be read (" + e + ")", e);
    }
  }
}
