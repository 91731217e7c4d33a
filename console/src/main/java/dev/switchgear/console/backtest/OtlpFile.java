package dev.switchgear.console.backtest;

import dev.switchgear.ingest.gateway.OtlpJsonLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads spans, histograms of calls and gauges from lines of OTLP JSON, as the file exporter of
 * OpenTelemetry's collector writes them. Other metrics, and lines of logs, say nothing of either;
 * they are counted as gaps.
 */
final class OtlpFile {

  private OtlpFile() {}

  /**
   * Reads a file.
   *
   * @throws HistoryException if it cannot be read, or a line of it is not as it should be
   */
  static History read(Path file) {
    Observations observations = new Observations();
    long number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          take(OtlpJsonLine.read(line), observations);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new HistoryException(file + ":" + number + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new HistoryException(file + ": cannot be read (" + e + ")", e);
    }
    if (observations.complete().isEmpty()) {
      throw new HistoryException(
          file
              + ": holds no call (expected: spans of kind CLIENT or PRODUCER, histograms such as"
              + " http.client.request.duration, or gauges such as process.cpu.utilization)",
          null);
    }
    return observations;
  }

  private static void take(OtlpJsonLine line, Observations observations) {
    line.spans().forEach(observations::add);
    line.metrics().forEach(observations::add);
    boolean empty = line.spans().isEmpty() && line.metrics().isEmpty();
    observations.gap(empty ? 1 + line.rejected() : line.rejected());
  }
}
