package dev.switchgear.benchmarks.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker in a process of its own, so that its work is not counted. Ends when its input ends. */
public final class BrokerProcess implements AutoCloseable {

  private final Process process;
  private final String bootstrapServers;

  private BrokerProcess(Process process, String bootstrapServers) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /** Runs in the child. */
  public static void main(String[] arguments) throws IOException {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      System.out.println(kafka.bootstrapServers());
      if (System.in.read() >= 0) {
        throw new IOException("input (expected: none)");
      }
    }
    System.exit(0);
  }

  /** Starts one with all topics. */
  public static BrokerProcess start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerProcess.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String address = process.inputReader(UTF_8).readLine();
    if (address == null) {
      throw new IOException("The broker's process ended before it worked");
    }
    BrokerProcess broker = new BrokerProcess(process, address);
    TopicProvisioning.provision(broker.clients(), List.of());
    return broker;
  }

  /** {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** What a client of Kafka needs to know. */
  public Map<String, Object> clients() {
    return Map.of("bootstrap.servers", bootstrapServers);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
