package dev.switchgear.console;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.Unavailable;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One instance of a service cannot reach a dependency that is well. */
@Timeout(180)
class SickInstanceIT {

  private static final String BREAKER = "payments/charge";
  private static final String PART = BREAKER + "~checkout#c";
  private static final Duration BOUND = Duration.ofSeconds(90);

  @TempDir private Path directory = Path.of("");

  private final TestKafka kafka = TestKafka.start();
  private final String address = kafka.bootstrapServers();
  private final ScheduledExecutorService users = Executors.newScheduledThreadPool(2);
  private final Map<String, AtomicInteger> answers =
      Map.of("a", new AtomicInteger(), "b", new AtomicInteger(), "c", new AtomicInteger());
  private final Set<String> refusedBy = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Parts parts = new Parts();
  private volatile @Nullable String sick;

  @BeforeEach
  void judgeInstancesApart() throws IOException, InterruptedException {
    parts.add(kafka);
    TopicProvisioning.provision(Map.of("bootstrap.servers", address), List.of());
    Path policy = Files.writeString(directory.resolve("p.yaml"), "default: {split: [instance]}");
    Path own = Files.createDirectories(directory.resolve("detector"));
    parts.add(RoleProcess.start(Role.DETECTOR, address, own)).awaitRunning();
    assertThat(Called.with("policy", "apply", policy.toString(), "--kafka", address).exitCode())
        .isZero();
  }

  @AfterEach
  void stop() {
    users.shutdownNow();
    parts.close();
  }

  @Test
  void itIsPutAside_theOthersCallOn_andItComesBackByItsOwnCalls() throws Exception {
    callForEver("a");
    callForEver("b");
    Guard c = callForEver("c");
    Waiting.until(() -> answers.values().stream().allMatch(each -> each.get() > 100), BOUND);

    sick = "c";
    Waiting.until(() -> !refusedBy.isEmpty(), BOUND);
    sick = null;
    Waiting.until(() -> breakers().contains(PART + "  CLOSED"), BOUND);

    assertThat(refusedBy).containsExactly(PART);
    assertThat(refused).containsExactly("c");
    assertThat(breakers()).contains(BREAKER + " ", "CLOSED").doesNotContain("#a", "#b");
    assertThat(c.call(() -> answer("c"), why -> "later")).isEqualTo("charged");
    assertThat(Called.with("why", PART, "--epoch=1", "--kafka", address).out())
        .contains("CLOSED → OPEN  (epoch 1)", "Recomputed  agrees");

    Called held = hold(BREAKER + "~checkout#a");
    assertThat(held.err()).isEmpty();
    Waiting.until(() -> refused.contains("a"), BOUND);
    int before = answers("b");
    Waiting.until(() -> answers("b") > before + 50, BOUND);
    assertThat(refused).doesNotContain("b");
  }

  private Called hold(String breaker) {
    return Called.with("hold", breaker, "--open", "--for=1m", "--why=a drill", "--kafka", address);
  }

  /** Fifty calls a second. */
  private Guard callForEver(String instance) {
    Switchgear checkout =
        parts.add(Switchgear.builder(address, "checkout").instance(instance).build());
    Guard guard = checkout.guard(BREAKER);
    var calls =
        users.scheduleAtFixedRate(() -> call(guard, instance), 0, 20, TimeUnit.MILLISECONDS);
    parts.add(() -> calls.cancel(false));
    return guard;
  }

  private void call(Guard guard, String instance) {
    try {
      guard.call(() -> answer(instance), why -> noted(why, instance));
    } catch (Exception e) {
      throw new AssertionError("A fallback must answer", e);
    }
  }

  private String answer(String instance) throws IOException {
    if (instance.equals(sick)) {
      throw new IOException("no route to host");
    }
    requireNonNull(answers.get(instance)).incrementAndGet();
    return "charged";
  }

  private int answers(String instance) {
    return requireNonNull(answers.get(instance)).get();
  }

  private String noted(Unavailable why, String instance) {
    if (why instanceof Refusal) {
      refusedBy.add(why.breaker());
      refused.add(instance);
    }
    return "later";
  }

  private String breakers() {
    return Called.with("breakers", "--kafka", address).out();
  }
}
