package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.ChildJvm;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how long breakers are without a detector when one of two is killed: from the kill until
 * every one of forty breakers has obeyed a command that was given right after it. Only when asked
 * to, with the session time-out of the group in milliseconds, how often, and by which of Kafka's
 * protocols for groups:
 *
 * <pre>./mvnw -pl detector -am verify -Dtest=None -Dit.test=FailoverIT
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 *     -Dswitchgear.failover=3000,5,classic</pre>
 */
@EnabledIfSystemProperty(named = FailoverIT.ASKED, matches = "\\d+,\\d+,(classic|streams)")
class FailoverIT {

  static final String ASKED = "switchgear.failover";

  private static final String APPLICATION = "failover";
  private static final List<String> BREAKERS =
      IntStream.range(0, 40).mapToObj(i -> "payments/charge-" + i).toList();

  @TempDir private Path directory = Path.of("");

  private final String[] asked = System.getProperty(ASKED, "6000,1,classic").split(",", 3);
  private final TestKafka kafka = TestKafka.start();
  private final KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers());
  private int started;

  @AfterEach
  void stop() {
    probe.close();
    kafka.close();
  }

  @Test
  void whenOneOfTwoIsKilled_theOtherObeysSoon() throws Exception {
    Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
    TopicProvisioning.provision(clients, List.of());
    setGroup(clients);
    ChildJvm older = start();
    ChildJvm newer = start();
    try {
      callAll();
      for (int round = 1; round <= Integer.parseInt(asked[1]); round++) {
        long killed = System.nanoTime();
        older.close();
        obeyed(System.currentTimeMillis() + 1_000_000);
        System.out.printf("round %d: %d ms%n", round, (System.nanoTime() - killed) / 1_000_000);
        older = newer;
        newer = start();
        obeyed(System.currentTimeMillis() + 1_000_000);
      }
    } finally {
      older.close();
      newer.close();
    }
  }

  /** What the members of a classic group say themselves, the brokers say to those of the other. */
  private void setGroup(Map<String, Object> clients) throws Exception {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, APPLICATION);
    List<AlterConfigOp> settings =
        List.of(
            set("streams.session.timeout.ms", sessionMillis()),
            set("streams.heartbeat.interval.ms", sessionMillis() / 10),
            set("streams.num.standby.replicas", 1));
    try (Admin admin = Admin.create(clients)) {
      admin.incrementalAlterConfigs(Map.of(group, settings)).all().get();
    }
  }

  private static AlterConfigOp set(String key, int value) {
    return new AlterConfigOp(new ConfigEntry(key, Integer.toString(value)), OpType.SET);
  }

  private String[] group() {
    return asked[2].equals("streams")
        ? new String[] {"group.protocol=streams"}
        : new String[] {
          "consumer.session.timeout.ms=" + sessionMillis(),
          "consumer.heartbeat.interval.ms=" + sessionMillis() / 10
        };
  }

  private int sessionMillis() {
    return Integer.parseInt(asked[0]);
  }

  private void callAll() throws Exception {
    long now = System.currentTimeMillis();
    for (String breaker : BREAKERS) {
      var called = Observations.good(1, 0, 1, now).setBreaker(breaker).build();
      probe.put(Topics.OBSERVATIONS, breaker, called);
    }
    probe.read(Topics.BREAKER_STATE, read -> read.size() == BREAKERS.size());
  }

  private ChildJvm start() throws Exception {
    Path state = directory.resolve("state-" + ++started);
    return DetectorProcess.start(kafka.bootstrapServers(), APPLICATION, state, group())
        .awaitReady();
  }

  private void obeyed(long until) throws Exception {
    long given = System.currentTimeMillis();
    for (String breaker : BREAKERS) {
      probe.put(
          Topics.COMMANDS,
          breaker,
          OperatorCommand.newBuilder()
              .setId("bench")
              .setBreaker(breaker)
              .setKind(CommandKind.HOLD_CLOSED)
              .setWho("bench")
              .setWhy("measures")
              .setIssuedAtMillis(given)
              .setUntilMillis(until)
              .build());
    }
    List<BreakerState> states =
        probe.read(Topics.BREAKER_STATE, read -> count(read, until) == BREAKERS.size());
    assertThat(count(states, until)).isEqualTo(BREAKERS.size());
  }

  private static long count(List<BreakerState> states, long until) {
    return states.stream().filter(each -> each.getUntilMillis() == until).count();
  }
}
