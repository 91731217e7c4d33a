package dev.switchgear.schemas.embedded;

import dev.switchgear.schemas.embedded.EmbeddedKafka.Options;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A broker in a process of its own, to be killed or to end without closing: starts it, sends one
 * record, prints the data directory, and ends when its input ends.
 */
final class ChildJvm {

  private static final String READY = "ready ";

  private ChildJvm() {}

  public static void main(String[] arguments) throws IOException {
    Path data = arguments[0].isEmpty() ? null : Path.of(arguments[0]);
    EmbeddedKafka kafka = EmbeddedKafka.start(new Options(0, data));
    Cluster cluster = new Cluster(kafka.bootstrapServers());
    cluster.create(new NewTopic(arguments[1], 1, (short) 1));
    cluster.send(arguments[1], List.of(arguments[2]));
    System.out.println(READY + kafka.dataDirectory());
    int ended = System.in.read();
    System.exit(ended < 0 ? 0 : 1);
  }

  static Process start(String dataDirectory, String topic, String value) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            ChildJvm.class.getName(),
            dataDirectory,
            topic,
            value)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The data directory, once the record is acknowledged. */
  static String awaitReady(Process child) throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(READY)) {
        return line.substring(READY.length());
      }
    }
    throw new AssertionError("The child ended before it was ready");
  }
}
