package dev.switchgear.console;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands for policies on a Kafka where no detector runs, so that each word is theirs. */
@Timeout(180)
class PolicyIT {

  private static final TestKafka KAFKA = TestKafka.start();
  private static final String ADDRESS = KAFKA.bootstrapServers();
  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void createTopics() {
    TopicProvisioning.provision(Map.of("bootstrap.servers", ADDRESS), List.of());
  }

  /** The next test finds neither policies nor breakers. */
  @AfterEach
  void deleteTopics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", ADDRESS))) {
      admin
          .deleteTopics(List.of(Topics.POLICIES.name(), Topics.BREAKER_STATE.name()))
          .all()
          .get(30, SECONDS);
    }
  }

  @AfterAll
  static void stopKafka() {
    KAFKA.close();
  }

  private Called policy(String command, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "policy";
    all[1] = command;
    all[2] = "--kafka";
    all[3] = ADDRESS;
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return Called.with(all);
  }

  private String file(String... lines) throws IOException {
    return Files.writeString(directory.resolve("p.yaml"), String.join("\n", lines)).toString();
  }

  private void breaker(String id) {
    try (Publisher publisher = new Publisher(ADDRESS)) {
      publisher.publish(
          Topics.BREAKER_STATE,
          id,
          BreakerState.newBuilder()
              .setBreaker(id)
              .setState(State.CLOSED)
              .setEpoch(0)
              .setAdmittedShare(10_000)
              .setReason("new")
              .setDecidedAtMillis(1)
              .build());
    }
  }

  private void publish(String pattern, long version, String document) {
    try (Publisher publisher = new Publisher(ADDRESS)) {
      Policy policy = new Policy(pattern, version, document, "bob", "by hand", 1L);
      publisher.publish(Topics.POLICIES, pattern, policy);
    }
  }

  /** What is on the topic; empty for a tombstone. */
  private Map<String, Optional<Policy>> topic() throws InterruptedException {
    Map<String, Optional<Policy>> policies = new TreeMap<>();
    try (var follower =
        TopicFollower.start(
            Topics.POLICIES,
            Map.of("bootstrap.servers", ADDRESS),
            Records.builtInOnly(),
            (record, policy) -> policies.put(record.key(), Optional.ofNullable(policy)))) {
      assertThat(follower.awaitCaughtUp(Duration.ofSeconds(30))).isTrue();
    }
    return policies;
  }

  private Policy onTopic(String pattern) throws InterruptedException {
    return requireNonNull(topic().get(pattern)).orElseThrow();
  }

  @Test
  void onlyWhatChangedIsWritten_underTheNextVersion() throws Exception {
    policy("apply", file("default: { staleAfter: 5s }", "breakers: { a: {}, b: {} }"));
    Called again =
        policy("apply", file("breakers: { a: { enforced: false }, b: {} }"), "--who=ana");

    assertThat(again.err()).isEmpty();
    assertThat(again.out().lines())
        .containsExactly(
            "~ a  version 2",
            "    enforced                (inherited) → false",
            "- default  not in " + directory + "/p.yaml; stays, unless apply is told to --prune",
            "    staleAfter              5s",
            "None of the 0 known breakers goes by other rules then.",
            "Written: switchgear.policies has it.");
    assertThat(onTopic("a").getVersion()).isEqualTo(2);
    assertThat(onTopic("a").getWho()).isEqualTo("ana");
    assertThat(onTopic("a").getWhy()).isEqualTo("apply p.yaml");
    assertThat(onTopic("b").getVersion()).isEqualTo(1);
    assertThat(onTopic("*").getDocument()).isEqualTo("staleAfter: 5s\n");
  }

  @Test
  void diffAndDryRunWriteNothing() throws Exception {
    String file = file("breakers: { a: {} }");

    assertThat(policy("diff", file).out()).startsWith("+ a  version 1\n");
    assertThat(policy("apply", file, "--dry-run").out()).endsWith("(--dry-run).\n");
    assertThat(topic()).isEmpty();
  }

  @Test
  void whatIsGoneFromTheFileGoesWithPruneOnly_andTheVersionStillGrows() throws Exception {
    policy("apply", file("default: { staleAfter: 5s }", "breakers: { a: {}, b: {} }"));
    policy("apply", file("breakers: { b: {} }"), "--prune");

    assertThat(topic().get("a")).isEmpty();
    assertThat(onTopic("*").getDocument()).isEqualTo("{}\n");
    assertThat(onTopic("*").getVersion()).isEqualTo(2);
    assertThat(policy("diff", file("breakers: { b: {} }")).out())
        .isEqualTo("The topic says what " + directory + "/p.yaml says.\n");
    assertThat(policy("diff", file("breakers: { b: { enforced: false } }")).out())
        .startsWith("~ b  version 3\n");
  }

  @Test
  void aVersionThatGoesBackIsRefused_andNothingIsWritten() throws Exception {
    policy("apply", file("breakers: { a: { version: 7 } }"));
    Called back = policy("apply", file("breakers:", "  a: { version: 7, enforced: false }"));

    assertThat(back.err())
        .isEqualTo(
            "switchgear: "
                + directory
                + "/p.yaml:2: breakers.a.version: 7 (the topic holds version 7; expected: more than"
                + " that, or no version: it is counted without)\n");
    assertThat(back.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(onTopic("a").getDocument()).isEqualTo("{}\n");
  }

  @Test
  void whatDoesNotGoTogetherWithWhatStaysIsRefused() throws Exception {
    policy(
        "apply",
        file(
            "default: { backOff: { longest: 10m } }",
            "breakers: { a: { backOff: { first: 5m } } }"));
    Called called = policy("apply", file("default: { backOff: { longest: 1m } }"));

    assertThat(called.err())
        .isEqualTo(
            "switchgear: switchgear.policies[a]:2: backOff.longest: 1m (expected: 5m..1d)\n");
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aWrongPolicyOnTheTopicIsTold_andApplyMendsIt() throws Exception {
    String file = file("breakers: { a: { enforced: false } }");
    policy("apply", file);
    publish("a", 9, "enforcd: true");

    Called shown = policy("show", "a");
    assertThat(shown.err())
        .contains("switchgear: refused: switchgear.policies[a]:1: enforcd: true");
    assertThat(shown.out()).contains("a: version 1, decided by a (version 1 by ");
    assertThat(policy("diff", file).out()).contains("what the topic holds is wrong");
    policy("apply", file);
    assertThat(onTopic("a").getDocument()).isEqualTo("enforced: false\n");
    assertThat(policy("show").err()).isEmpty();
  }

  @Test
  void whoWritesWhatHeHasNotReadIsShutOut() throws Exception {
    Cluster cluster = new Cluster(ADDRESS, Map.of());
    try (PolicyTopic slow = PolicyTopic.open(cluster)) {
      policy("apply", file("breakers: { a: { enforced: false } }"));
      Policy older = new Policy("a", 1L, "{}", "slow", "", 1L);

      assertThat(catchThrowable(() -> slow.write(Map.of("a", older))))
          .hasMessageStartingWith(
              "Somebody else writes policies at this moment; nothing was written");
    }
    assertThat(onTopic("a").getDocument()).isEqualTo("enforced: false\n");
  }

  @Test
  void whereNoDetectorRuns_policiesAreWritten_butThatFails() throws Exception {
    breaker("a");
    Called called = policy("apply", file("breakers: { a: { staleAfter: 5s } }"));

    assertThat(called.out()).contains("1 of 1 known breakers goes by other rules then: a");
    assertThat(called.err())
        .contains("no detector goes by them for a within 10 s", "Does a detector run");
    assertThat(called.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(onTopic("a").getVersion()).isEqualTo(1);
  }

  @Test
  void showSaysWhereEachValueComesFrom() throws Exception {
    breaker("payments/charge");
    publish("payments/*", 4, "slowness: { floor: 800ms }");
    String beneath = file("default:", "  enforced: false");

    Called shown = policy("show", "payments/charge", "--policy", beneath);
    assertThat(shown.out().lines())
        .contains(
            "payments/charge: version 4, decided by payments/* (version 4 by bob)",
            "enforced                false                                    default ("
                + beneath
                + ":2)",
            "slowness.floor          800ms                                    payments/* (version 4 by bob)",
            "probes.perSecond        5                                        built in");
    assertThat(shown.err()).contains("its detector goes by version 0, not 4");
    assertThat(policy("show", "payment/charge").err())
        .isEqualTo(
            "switchgear: nobody has called payment/charge yet; did you mean payments/charge?\n");
  }

  @Test
  void whatIsShownAsYamlSaysTheSame() throws Exception {
    policy("apply", "../docs/example-policies.yaml");
    String yaml = policy("show", "--yaml").out();

    String file = file(yaml);
    assertThat(policy("diff", file).out()).isEqualTo("The topic says what " + file + " says.\n");
    assertThat(policy("show", "--json").out())
        .contains("\"pattern\" : \"payments/charge\"", "\"errors.acceptedShare\" : 0.02");
  }
}
