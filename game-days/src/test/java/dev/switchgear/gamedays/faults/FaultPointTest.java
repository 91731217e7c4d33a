package dev.switchgear.gamedays.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchgear.gamedays.http.Json;
import dev.switchgear.gamedays.http.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FaultPointTest {

  private static final Reply WELL = Reply.json(200, Map.of("receipt", 17));

  private final Deque<Double> chances = new ArrayDeque<>();
  private final FaultPoint point =
      new FaultPoint(ForkJoinPool.commonPool(), () -> chances.removeFirst());
  private final AtomicInteger worked = new AtomicInteger();

  private CompletableFuture<Reply> meet() {
    return point.meet(this::work).toCompletableFuture();
  }

  private CompletionStage<Reply> work() {
    worked.incrementAndGet();
    return CompletableFuture.completedFuture(WELL);
  }

  @Test
  void withoutAFaultTheServiceAnswers() {
    assertThat(meet()).isCompletedWithValue(WELL);
    assertThat(point.fault().inWords()).isEmpty();
  }

  @Test
  void errorsStrikeTheGivenShareAndLeaveTheWorkUndone() {
    point.apply(new Fault.Errors(0.25));
    chances.add(0.249);
    chances.add(0.25);

    assertThat(meet().join().status()).isEqualTo(503);
    assertThat(worked).hasValue(0);
    assertThat(meet().join()).isEqualTo(WELL);
  }

  @Test
  void latencyDelaysTheWorkWithoutHoldingTheCallersThread() throws Exception {
    point.apply(new Fault.Latency(Duration.ofMillis(50)));

    CompletableFuture<Reply> answer = meet();

    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(WELL);
    assertThat(worked).hasValue(1);
  }

  @Test
  void whatHangsIsNeverDoneAndIsLetGoWhenTheFaultChanges() {
    point.apply(new Fault.Hang());

    CompletableFuture<Reply> answer = meet();
    assertThat(answer).isNotDone();

    point.apply(Fault.NONE);
    assertThat(answer.join().status()).isEqualTo(503);
    assertThat(worked).hasValue(0);
    assertThat(meet().join()).isEqualTo(WELL);
  }

  @Test
  void aCorruptBodyIsNoJsonAlthoughTheWorkWasDone() {
    point.apply(new Fault.CorruptBody());

    Reply answer = meet().join();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(worked).hasValue(1);
    assertThatThrownBy(() -> Json.read(answer.body(), Map.class))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void aShareOrDelayThatMakesNoSenseIsNamed() {
    assertThatThrownBy(() -> new Fault.Errors(0))
        .hasMessage("share: 0.0 (expected: more than 0, up to 1)");
    assertThatThrownBy(() -> new Fault.Errors(Double.NaN))
        .hasMessage("share: NaN (expected: more than 0, up to 1)");
    assertThatThrownBy(() -> new Fault.Latency(Duration.ZERO))
        .hasMessage("delay: PT0S (expected: PT0.001S..PT10M)");
  }
}
