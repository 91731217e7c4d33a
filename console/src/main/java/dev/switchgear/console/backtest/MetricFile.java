package dev.switchgear.console.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.switchgear.breaker.policy.NearestName;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads measurements as Prometheus and the like export them: CSV with a header that names the
 * columns time, dependency, metric and value, in any order. An empty value or one that is not a
 * number is a gap, as is a negative one, which only a defect of a meter can be; gaps are counted.
 */
final class MetricFile {

  /** A hundred million values take 1.6 GB. */
  private static final long MOST_VALUES = 100_000_000;

  /** Epoch seconds until the year 5138; what is larger are milliseconds. */
  private static final double SECONDS_BELOW = 1e11;

  private static final List<String> NAMES = List.of("time", "dependency", "metric", "value");

  private final Path file;
  private final Map<String, MeasuredDependency> dependencies = new TreeMap<>();
  private int[] positions = {};
  private long values;
  private long gaps;

  private MetricFile(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws HistoryException if it cannot be read, or a line of it is not as it should be
   */
  static Measurements read(Path file) {
    return new MetricFile(file).read();
  }

  private Measurements read() {
    CsvMapper csv = new CsvMapper();
    csv.enable(CsvParser.Feature.WRAP_AS_ARRAY);
    csv.enable(CsvParser.Feature.TRIM_SPACES);
    csv.enable(CsvParser.Feature.SKIP_EMPTY_LINES);
    long line = 1;
    try (Reader reader = Files.newBufferedReader(file);
        MappingIterator<String[]> rows = csv.readerFor(String[].class).readValues(reader)) {
      while (rows.hasNextValue()) {
        line = rows.getCurrentLocation().getLineNr();
        row(rows.nextValue(), line);
      }
    } catch (JsonProcessingException e) {
      throw bad(line, e.getOriginalMessage());
    } catch (IOException e) {
      throw new HistoryException(file + ": cannot be read (" + e + ")", e);
    }
    if (values == 0) {
      throw new HistoryException(file + ": holds no measurement", null);
    }
    dependencies.values().forEach(MeasuredDependency::complete);
    return new Measurements(dependencies, values, gaps);
  }

  private void row(String[] cells, long line) {
    if (positions.length == 0) {
      positions = header(cells);
      return;
    }
    if (cells.length <= highest(positions)) {
      throw bad(line, cells.length + " values (expected: " + String.join(",", NAMES) + ")");
    }
    String label = cells[positions[2]];
    Metric metric =
        Metric.of(label)
            .orElseThrow(() -> bad(line, "metric: " + label + " (" + Metric.expected(label) + ")"));
    long at = time(cells[positions[0]], line);
    String dependency = cells[positions[1]];
    if (dependency.isBlank()) {
      throw bad(line, "dependency: \"\" (expected: a name)");
    }
    Double value = value(cells[positions[3]], line);
    if (value == null) {
      gaps++;
      return;
    }
    if (++values > MOST_VALUES) {
      throw bad(line, "more than " + MOST_VALUES + " values; split the file by dependency");
    }
    dependencies
        .computeIfAbsent(dependency, name -> new MeasuredDependency())
        .add(metric, at, value);
  }

  private int[] header(String[] cells) {
    List<String> given = new ArrayList<>();
    for (String cell : cells) {
      given.add(cell.strip().replace("\uFEFF", ""));
    }
    int[] found = new int[NAMES.size()];
    for (int i = 0; i < found.length; i++) {
      String name = NAMES.get(i);
      found[i] = given.indexOf(name);
      if (found[i] < 0) {
        String near =
            NearestName.of(name, given).map(is -> "; did you mean it by " + is + "?").orElse("");
        throw bad(1, "no column " + name + near + " (expected: " + String.join(",", NAMES) + ")");
      }
    }
    return found;
  }

  private static int highest(int[] positions) {
    int highest = 0;
    for (int position : positions) {
      highest = Math.max(highest, position);
    }
    return highest;
  }

  private @Nullable Double value(String text, long line) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      double value = Double.parseDouble(text);
      return value >= 0 && value <= Double.MAX_VALUE ? value : null;
    } catch (NumberFormatException e) {
      return switch (text) {
        case "nan", "NAN", "null", "NULL", "None", "inf", "+Inf", "-Inf" -> null;
        default -> throw bad(line, "value: " + text + " (expected: a number)");
      };
    }
  }

  private long time(String text, long line) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && seconds < SECONDS_BELOW * 1e3) {
        return Math.round(seconds < SECONDS_BELOW ? seconds * 1e3 : seconds);
      }
    } catch (NumberFormatException e) {
      return instant(text, line).toEpochMilli();
    }
    throw bad(
        line,
        "time: " + text + " (expected: epoch seconds, or ISO-8601 such as 2026-01-31T12:00:00Z)");
  }

  private Instant instant(String text, long line) {
    String iso = text.replace(' ', 'T');
    try {
      return OffsetDateTime.parse(iso).toInstant();
    } catch (DateTimeException e) {
      try {
        return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException notLocalEither) {
        throw bad(
            line,
            "time: "
                + text
                + " (expected: epoch seconds, or ISO-8601 such as 2026-01-31T12:00:00Z)");
      }
    }
  }

  private HistoryException bad(long line, String what) {
    return new HistoryException(file + ":" + line + ": " + what, null);
  }
}
