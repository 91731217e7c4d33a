package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.Detector;
import dev.switchgear.detector.DetectorSettings;
import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.ChildJvm;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of three with one limit, on a real broker. */
@Timeout(180)
class QuotasIT {

  private static final String LIMIT = "api/orders";
  private static final String RESTARTED = "api/returns";
  private static final String ENDING = "api/ending";
  private static final long CALLS = 200;

  /** Of a second each, from whoever is refused nothing. */
  private static final int LONG_REPORTS = 3;

  /** Of a quarter of a second each, from whoever is refused calls. */
  private static final int SHORT_REPORTS = 6;

  @TempDir private static Path directory = Path.of("");
  private static TestKafka kafka;
  private static String address;
  private static KafkaProbe probe;
  private static Detector detector;

  @BeforeAll
  static void startKafka() throws IOException {
    kafka = TestKafka.start();
    address = kafka.bootstrapServers();
    TopicProvisioning.provision(Map.of("bootstrap.servers", address), List.of());
    probe = new KafkaProbe(address);
    detector = startDetector();
  }

  @AfterAll
  static void stopKafka() {
    detector.close();
    probe.close();
    kafka.close();
  }

  private static Detector startDetector() throws IOException {
    String policies = "breakers: { api/*: { quota: { calls: 200 }, staleAfter: 3s } }\n";
    Path file = Files.writeString(directory.resolve("policies.yaml"), policies);
    return Detector.start(
        new DetectorSettings(address, "sharing", directory.resolve("state"), 1, file, Map.of()));
  }

  /** What each may take once that is as wanted, in thousandths of a call. */
  private static Map<String, Long> awaitShares(Predicate<Map<String, Long>> wanted) {
    return awaitShares(LIMIT, wanted);
  }

  private static Map<String, Long> awaitShares(String limit, Predicate<Map<String, Long>> wanted) {
    return last(probe.read(Topics.QUOTAS, read -> wanted.test(last(read, limit))), limit);
  }

  private static Map<String, Long> last(List<QuotaState> read, String limit) {
    List<QuotaState> own = of(read, limit);
    return own.isEmpty() ? Map.of() : shares(own.get(own.size() - 1));
  }

  private static List<QuotaState> of(List<QuotaState> read, String limit) {
    return read.stream().filter(each -> each != null && each.getLimit().equals(limit)).toList();
  }

  private static Map<String, Long> shares(QuotaState state) {
    Map<String, Long> shares = new HashMap<>();
    for (QuotaShare each : state.getShares()) {
      long sum = each.getShares().values().stream().mapToLong(Long::longValue).sum();
      shares.put(each.getInstance(), sum);
    }
    return shares;
  }

  private static boolean isAbout(Map<String, Long> shares, String instance, long calls) {
    long share = shares.getOrDefault(instance, 0L);
    return share > calls * 900 && share < calls * 1_100;
  }

  /** Reports of one instance that goes by a share, but the first ones, of what came before. */
  private static List<QuotaDemand> reports(String instance, int enough) {
    List<QuotaDemand> reports =
        probe.read(Topics.QUOTA_DEMAND, read -> steady(read, instance).size() >= enough);
    return steady(reports, instance);
  }

  private static List<QuotaDemand> steady(List<QuotaDemand> read, String instance) {
    List<QuotaDemand> own = read.stream().filter(r -> r.getInstance().equals(instance)).toList();
    long newest = own.isEmpty() ? 0 : own.get(own.size() - 1).getEpoch();
    List<QuotaDemand> steady = own.stream().filter(r -> r.getEpoch() == newest).toList();
    return newest == 0 ? List.of() : steady.subList(Math.min(2, steady.size()), steady.size());
  }

  private static double perSecond(List<QuotaDemand> reports) {
    long calls = reports.stream().mapToLong(QuotasIT::admitted).sum();
    return calls * 1_000.0 / reports.stream().mapToLong(QuotaDemand::getIntervalMillis).sum();
  }

  private static long admitted(QuotaDemand report) {
    return report.getAdmitted().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void threeInstancesStayWithinTheLimit_andWhatADeadOneHadIsTheOthers() throws Exception {
    try (Calling watching =
        Calling.with("quotas", LIMIT, "--watch", "--json", "--kafka", address)) {
      try (QuotaCaller modest = new QuotaCaller(address, LIMIT, "modest", 20)) {
        try (QuotaCaller greedy = new QuotaCaller(address, LIMIT, "greedy", 400)) {
          try (ChildJvm doomed = QuotaCaller.start(address, LIMIT, "doomed", 400)) {
            doomed.awaitReady();
            assertSharedAmongThree();
          }
          awaitShares(shares -> shares.size() == 2 && isAbout(shares, "greedy", 170));
          assertThat(perSecond(reports("greedy", SHORT_REPORTS))).isBetween(140.0, 180.0);
          assertShown();
          assertThat(greedy.isShared()).isTrue();
        }
        awaitShares(shares -> shares.keySet().equals(Set.of("modest")));
        assertThat(modest.isShared()).isTrue();
        assertThat(watching.out()).doesNotContain("ended");
      }
      watching.awaitOut(text -> text.contains("{\"limit\":\"api/orders\",\"ended\":true}"));
    }
  }

  private static void assertSharedAmongThree() {
    Map<String, Long> shares =
        awaitShares(
            each -> each.size() == 3 && isAbout(each, "greedy", 87) && isAbout(each, "doomed", 87));
    assertThat(shares.values().stream().mapToLong(Long::longValue).sum())
        .isLessThanOrEqualTo(CALLS * 1_000);
    List<QuotaDemand> modest = reports("modest", LONG_REPORTS);
    assertThat(modest).allMatch(report -> report.getRefused().isEmpty());
    double total =
        perSecond(modest)
            + perSecond(reports("greedy", SHORT_REPORTS))
            + perSecond(reports("doomed", SHORT_REPORTS));
    assertThat(total).isBetween(CALLS * 0.7, CALLS * 1.05);
  }

  @Test
  void aRestartOfTheDetectorTakesNobodysShare_andSharesGoOn() throws Exception {
    try (QuotaCaller one = new QuotaCaller(address, RESTARTED, "one", 400);
        QuotaCaller two = new QuotaCaller(address, RESTARTED, "two", 400)) {
      awaitShares(RESTARTED, s -> isAbout(s, "one", 97) && isAbout(s, "two", 97));
      detector.close();
      int told = of(probe.readAll(Topics.QUOTAS), RESTARTED).size();
      detector = startDetector();
      try (QuotaCaller three = new QuotaCaller(address, RESTARTED, "three", 400)) {
        awaitShares(RESTARTED, s -> s.size() == 3 && isAbout(s, "three", 65));
        // What is on the topic is heard a moment later.
        Eventually.holds(
            "all are told", () -> one.isShared() && two.isShared() && three.isShared());
      }
      List<QuotaState> all = of(probe.readAll(Topics.QUOTAS), RESTARTED);
      assertThat(all.subList(told, all.size()))
          .allMatch(each -> shares(each).keySet().containsAll(Set.of("one", "two")));
      assertThat(all).extracting(QuotaState::getEpoch).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void whoWatches_isToldThatALimitEnds_andStays() throws Exception {
    probe.put(Topics.QUOTAS, ENDING, state(7));
    try (Calling lines = Calling.with("quotas", "--watch", "--kafka", address);
        Calling screen = Calling.onTerminal("quotas", ENDING, "--watch", "--kafka", address);
        Calling other = Calling.with("quotas", "api/other", "--watch", "--kafka", address)) {
      lines.awaitOut(text -> text.contains("api/ending  0.0 wanted of 7 in 1 s"));
      screen.awaitOut(text -> text.contains("(whoever comes next)"));

      probe.put(Topics.QUOTAS, ENDING, null);
      lines.awaitOut(text -> text.contains("api/ending  shared no more\n"));
      screen.awaitOut(text -> text.contains("Nobody uses api/ending now"));

      probe.put(Topics.QUOTAS, ENDING, state(9));
      lines.awaitOut(text -> text.contains("api/ending  0.0 wanted of 9 in 1 s"));
      assertThat(screen.interrupt()).isEqualTo(ExitCode.DONE);
      assertThat(other.interrupt()).isEqualTo(ExitCode.DONE);
      assertThat(other.out()).isEmpty();
    }
  }

  private static QuotaState state(long calls) {
    return QuotaState.newBuilder()
        .setLimit(ENDING)
        .setEpoch(calls)
        .setCalls(calls)
        .setPeriodMillis(1_000)
        .setLeaseMillis(3_000)
        .setShares(List.of())
        .setStart(Map.of("*", calls * 1_000))
        .setAtMillis(1)
        .build();
  }

  private static void assertShown() {
    assertThat(Called.with("quotas", "--kafka", address).out().lines())
        .anyMatch(line -> line.matches("LIMIT +TIER +CALLS +GUARANTEED +WANTED +SHARED +.*"))
        .anyMatch(line -> line.matches("api/orders +200 in 1 s +\\d{3} +19\\d +2 +\\d+ s"));
    assertThat(Called.with("quotas", LIMIT, "--kafka", address).out().lines())
        .anyMatch(line -> line.matches("greedy +\\d{3} +1\\d\\d"))
        .anyMatch(line -> line.matches("modest +\\d\\d\\.\\d +\\d\\d\\.\\d"));
    assertThat(Called.with("quotas", "--json", "--kafka", address).out())
        .contains("\"limit\" : \"api/orders\"", "\"calls\" : 200", "\"instance\" : \"greedy\"");
    assertThat(Called.with("quotas", "api/order", "--kafka", address).err())
        .contains("did you mean api/orders?");
  }
}
