package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

  private final HandClocks clocks = new HandClocks();

  @Test
  void overTheLimit_refusesWithAWaitThatIsNotForAllAlike() {
    RateLimiter limiter = new RateLimiter("api", RateLimit.perSecond(2), clocks);
    assertThat(limiter.refuse()).isEmpty();
    assertThat(limiter.refuse()).isEmpty();

    Optional<Refusal> refusal = limiter.refuse();

    assertThat(refusal.orElseThrow().stage()).isEqualTo(Stage.RATE_LIMIT);
    assertThat(refusal.orElseThrow().retryAfter())
        .isBetween(Duration.ofMillis(500), Duration.ofMillis(600));
  }

  @Test
  void overTheLimit_httpIsToldToComeBackLater() {
    RateLimiter limiter = new RateLimiter("api \"v1\"", RateLimit.perMinute(1), clocks);
    limiter.refuse();

    HttpRefusal told = HttpRefusal.of(limiter.refuse().orElseThrow());

    assertThat(told.status()).isEqualTo(429);
    long seconds = Long.parseLong(told.headers().get("Retry-After"));
    assertThat(seconds).isBetween(60L, 72L);
    assertThat(told.headers())
        .isEqualTo(
            Map.of(
                "Retry-After",
                Long.toString(seconds),
                "RateLimit-Policy",
                "\"api \\\"v1\\\"\";q=1;w=60",
                "RateLimit",
                "\"api \\\"v1\\\"\";r=0;t=" + seconds));
  }

  @Test
  void windowsOfPartsOfASecond_areToldAsFullSecondsAtTheSameRate() {
    assertThat(policy(10, Duration.ofMillis(100))).isEqualTo("\"api\";q=100;w=1");
    assertThat(policy(3, Duration.ofMillis(1500))).isEqualTo("\"api\";q=4;w=2");
    assertThat(policy(1, Duration.ofMillis(1001))).isEqualTo("\"api\";q=1;w=2");
    assertThat(policy(1_000_000_000, Duration.ofMillis(1)))
        .isEqualTo("\"api\";q=1000000000000;w=1");
    assertThat(policy(1_000_000_000, Duration.ofDays(1).minusNanos(1)))
        .isEqualTo("\"api\";q=1000000000;w=86400");
  }

  @Test
  void clients_haveALimitEach() {
    ClientRateLimiter limiter =
        new ClientRateLimiter("clients", RateLimit.perSecond(1), 10, clocks);

    assertThat(limiter.refuse("anna")).isEmpty();
    assertThat(limiter.refuse("anna")).isPresent();
    assertThat(limiter.refuse("bert")).isEmpty();
  }

  @Test
  void moreClientsThanAreToldApart_shareOneLimit_untilOthersAreForgotten() {
    ClientRateLimiter limiter = new ClientRateLimiter("clients", RateLimit.perSecond(1), 2, clocks);
    limiter.refuse("anna");
    limiter.refuse("bert");
    assertThat(limiter.refuse("cleo")).isEmpty();
    assertThat(limiter.refuse("dora")).isPresent();
    assertThat(limiter.clients()).isEqualTo(3);

    clocks.pass(Duration.ofSeconds(5));
    limiter.refuse("dora");
    assertThat(limiter.refuse("cleo")).isEmpty();
    assertThat(limiter.clients()).isEqualTo(2);
  }

  @Test
  void aBreakerThatRefuses_isUnavailableToHttp() {
    Gate gate = States.gate();
    gate.obey(States.open(3));

    HttpRefusal told = HttpRefusal.of((Refusal) gate.admit());

    assertThat(told.status()).isEqualTo(503);
    assertThat(told.headers()).containsOnlyKeys("Retry-After");
  }

  private static @Nullable String policy(long calls, Duration per) {
    Refusal.Quota quota = new Refusal.Quota("api", new RateLimit(calls, per, 1));
    Refusal refusal = new Refusal(Stage.RATE_LIMIT, "api", 0, "over", per, List.of(), quota);
    return HttpRefusal.of(refusal).headers().get("RateLimit-Policy");
  }
}
