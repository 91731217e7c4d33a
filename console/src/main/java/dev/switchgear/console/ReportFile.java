package dev.switchgear.console;

import dev.switchgear.gamedays.drill.DemoReport;
import dev.switchgear.gamedays.drill.DemoSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.kafka.common.utils.AppInfoParser;

/** Where the demo's report goes; known to be writable before anything is started. */
final class ReportFile {

  private final Path file;

  private ReportFile(Path file) {
    this.file = file;
  }

  /** Checks that the file can be written, without changing what it holds. */
  static ReportFile open(Path file) {
    boolean there = Files.exists(file);
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      if (!there) {
        Files.delete(file);
      }
      return new ReportFile(file);
    } catch (IOException e) {
      throw ConsoleException.wrongUsage(
          "--report: " + file + " (expected: a file that can be written; " + e + ")", e);
    }
  }

  /** What there is to say of a run that the user has stopped. */
  static DemoReport interrupted(DemoSettings settings) {
    Runtime machine = Runtime.getRuntime();
    return new DemoReport(
        List.of("interrupted"),
        List.of(),
        new DemoReport.Machine(
            machine.availableProcessors(),
            machine.maxMemory() >> 20,
            System.getProperty("os.name", ""),
            System.getProperty("java.version", "")),
        new DemoReport.Settings(
            settings.ratePerSecond(),
            settings.instances(),
            settings.seed(),
            AppInfoParser.getVersion()));
  }

  void write(DemoReport report) {
    try {
      Files.writeString(file, report.toJson() + "\n");
    } catch (IOException e) {
      throw ConsoleException.failed("--report: " + file + " could not be written (" + e + ")", e);
    }
  }
}
