package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Against a simulation in which every call is known. */
class OpenCallsSimulationTest {

  private static final long MILLI = 1_000_000;
  private static final long INTERVAL = 250 * MILLI;
  private static final int READINGS = 60;

  private record Call(long fromNanos, long untilNanos) {}

  @Property(tries = 300)
  void theAgeIsNeverToldTooLong_andZeroWhenNothingRuns(@ForAll Random random) {
    List<Call> calls = calls(random);
    OpenCalls open = new OpenCalls(0);
    for (long now = INTERVAL; now <= (READINGS + 400) * INTERVAL; now += INTERVAL) {
      long since = now - INTERVAL;
      long readAt = now;
      long[] finished = new long[LatencyIndex.SLOTS];
      calls.stream()
          .filter(call -> call.untilNanos() > since && call.untilNanos() <= readAt)
          .forEach(call -> finished[LatencyIndex.slot(call.untilNanos() - call.fromNanos())]++);
      long admitted =
          calls.stream()
              .filter(call -> call.fromNanos() > since && call.fromNanos() <= readAt)
              .count();
      open.read(now, admitted, finished, 0);

      long oldest =
          calls.stream()
              .filter(call -> call.fromNanos() <= readAt && call.untilNanos() > readAt)
              .mapToLong(call -> readAt - call.fromNanos())
              .max()
              .orElse(0);
      assertThat(open.oldestMillis(now)).isBetween(0L, oldest / MILLI);
    }
  }

  private static List<Call> calls(Random random) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long from = 1 + (long) (random.nextDouble() * READINGS * INTERVAL);
      long most = random.nextInt(10) == 0 ? 100 * INTERVAL : INTERVAL / 10;
      calls.add(new Call(from, from + 1 + (long) (random.nextDouble() * most)));
    }
    return calls;
  }
}
