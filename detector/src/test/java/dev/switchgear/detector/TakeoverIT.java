package dev.switchgear.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.ChildJvm;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An instance that is only thought dead. What makes it dangerous: it has read nothing since it
 * started, so nothing that it writes would be refused for the offsets that come with it, and a
 * deadline has passed when it wakes.
 */
@Timeout(300)
class TakeoverIT {

  private static final String APPLICATION = "paused";

  /** So long a hold lasts beyond the time that an instance takes to start, three times over. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

  private static final List<String> BREAKERS =
      IntStream.range(0, 40).mapToObj(i -> "payments/charge-" + i).toList();

  @TempDir private Path directory = Path.of("");

  private final TestKafka kafka = TestKafka.start();

  @Test
  void pausedUntilAnotherTookOver_itPublishesNoSecondTruthWhenItGoesOn() throws Exception {
    Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
    TopicProvisioning.provision(clients, List.of());
    try (kafka;
        KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers());
        Admin admin = Admin.create(clients)) {
      long began = System.currentTimeMillis();
      ChildJvm before = start("first").awaitReady();
      long until = holdAll(probe, holdMillis(System.currentTimeMillis() - began));
      before.stop();
      ChildJvm second = null;
      try (ChildJvm first = start("first").awaitReady()) {
        first.pause();
        assertThat(System.currentTimeMillis()).as("paused in time").isLessThan(until);
        second = start("second").awaitReady();
        Eventually.holds("the hold is over", () -> System.currentTimeMillis() > until);
        probe.read(Topics.BREAKER_TRANSITIONS, read -> count(read, State.PROBING) == 40);
        assertThat(members(admin)).isEqualTo(1);
        first.resume();
        Eventually.holds("it is back", () -> members(admin) == 2);
      } finally {
        if (second != null) {
          second.close();
        }
      }
      assertOneTruth(probe);
    }
  }

  private ChildJvm start(String state) throws Exception {
    return DetectorProcess.start(kafka.bootstrapServers(), APPLICATION, directory.resolve(state));
  }

  private static long holdMillis(long startMillis) {
    return Math.min(LONGEST_HOLD.toMillis(), MARGIN.toMillis() + 3 * startMillis);
  }

  private static long holdAll(KafkaProbe probe, long millis) throws Exception {
    long now = System.currentTimeMillis();
    for (String breaker : BREAKERS) {
      probe.put(
          Topics.OBSERVATIONS,
          breaker,
          Observations.good(1, 0, 1, now).setBreaker(breaker).build());
    }
    probe.read(Topics.BREAKER_STATE, read -> read.size() == BREAKERS.size());
    long held = System.currentTimeMillis();
    for (String breaker : BREAKERS) {
      probe.put(Topics.COMMANDS, breaker, hold(breaker, held, held + millis));
    }
    probe.read(Topics.BREAKER_TRANSITIONS, read -> read.size() == BREAKERS.size());
    return held + millis;
  }

  private static OperatorCommand hold(String breaker, long atMillis, long untilMillis) {
    return OperatorCommand.newBuilder()
        .setId("hold " + breaker)
        .setBreaker(breaker)
        .setKind(CommandKind.HOLD_OPEN)
        .setWho("ana")
        .setWhy("a drill")
        .setIssuedAtMillis(atMillis)
        .setUntilMillis(untilMillis)
        .build();
  }

  private static long count(List<BreakerTransition> transitions, State to) {
    return transitions.stream().filter(each -> each.getTo() == to).count();
  }

  private static int members(Admin admin) {
    try {
      var group = admin.describeConsumerGroups(List.of(APPLICATION)).all().get().get(APPLICATION);
      return group == null ? 0 : group.members().size();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void assertOneTruth(KafkaProbe probe) {
    Map<String, List<Long>> epochs =
        probe.readAll(Topics.BREAKER_TRANSITIONS).stream()
            .collect(
                Collectors.groupingBy(
                    BreakerTransition::getBreaker,
                    Collectors.mapping(BreakerTransition::getEpoch, Collectors.toList())));
    Map<String, BreakerState> states = new HashMap<>();
    probe.readAll(Topics.BREAKER_STATE).forEach(each -> states.put(each.getBreaker(), each));

    assertThat(epochs.keySet()).containsExactlyInAnyOrderElementsOf(BREAKERS);
    assertThat(epochs.values()).allMatch(each -> each.equals(List.of(1L, 2L)));
    assertThat(states.values())
        .allMatch(each -> each.getEpoch() == 2 && each.getState() == State.PROBING);
  }
}
