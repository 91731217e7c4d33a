package dev.switchgear.benchmarks.detector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Flink beside the detector: the same spans, summed exactly once, in a process of its own. */
final class FlinkPeer {

  static final String NAME = "flink 2.2";

  private static final String SUMS = "flink-sums";

  /** Flink's serializers look into the JDK. */
  private static final List<String> OPENED = List.of("java.lang", "java.util", "java.time");

  private FlinkPeer() {}

  /** Runs it; its second time counts. */
  static LaneTrial.Reading read(FullTopic topic) throws IOException, InterruptedException {
    String broker = topic.broker().bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      NewTopic sums = new NewTopic(SUMS, Optional.of(1), Optional.of((short) 1));
      admin.createTopics(List.of(sums)).all().toCompletionStage().toCompletableFuture().join();
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g"));
    OPENED.forEach(each -> command.add("--add-opens=java.base/" + each + "=ALL-UNNAMED"));
    command.addAll(List.of("-cp", classPath()));
    command.addAll(
        List.of(
            FlinkJob.class.getName(),
            broker,
            topic.lane().topic().name(),
            Long.toString(topic.records()),
            SUMS));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = process.inputReader(UTF_8).readLine();
    process.waitFor();
    if (line == null) {
      throw new IOException("Flink's process ended without a result");
    }
    try (Scanner told = new Scanner(line)) {
      long records = told.nextLong();
      Spent spent = new Spent(told.nextLong(), told.nextLong(), told.nextLong());
      return LaneTrial.Reading.of(NAME, records, spent);
    }
  }

  /** With Flink's own client before ours, from beside the other jars. */
  private static String classPath() {
    String all = System.getProperty("java.class.path");
    for (String each : all.split(Pattern.quote(File.pathSeparator), -1)) {
      if (each.contains("flink-connector-kafka")) {
        return Path.of(each).resolveSibling("flink") + "/*" + File.pathSeparator + all;
      }
    }
    throw new IllegalStateException("java.class.path: no flink-connector-kafka");
  }
}
