package dev.switchgear.gamedays.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLogTest {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private final EventLog<String> log = new EventLog<>();

  @Test
  void anEventIsFoundThoughLaterOnesFollowed() throws Exception {
    long start = System.nanoTime();
    log.add("open");
    log.add("closed");

    assertThat(log.awaitFirst(start, "open"::equals, BOUND))
        .hasValueSatisfying(event -> assertThat(event.what()).isEqualTo("open"));
  }

  @Test
  void anEventBeforeTheGivenMomentDoesNotCount() throws Exception {
    log.add("open");
    long after = System.nanoTime() + 1;

    assertThat(log.awaitFirst(after, "open"::equals, Duration.ZERO)).isEmpty();
  }

  @Test
  void whoeverWaitsIsWokenByTheEvent() throws Exception {
    long start = System.nanoTime();
    CompletableFuture<Boolean> found =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return log.awaitFirst(start, "open"::equals, BOUND).isPresent();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    log.add("closed");
    log.add("open");

    assertThat(found.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theNewestOfAKindDecides() throws Exception {
    log.add("a open");
    log.add("b open");
    log.add("a closed");

    assertThat(log.newest(event -> event.startsWith("a"))).contains("a closed");
    assertThat(log.awaitNewest(event -> event.startsWith("a"), "a open"::equals, Duration.ZERO))
        .isFalse();
    assertThat(log.awaitNewest(event -> event.startsWith("b"), "b open"::equals, Duration.ZERO))
        .isTrue();
  }
}
