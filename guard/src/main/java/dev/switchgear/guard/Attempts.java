package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.WorkResult;
import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts parked work, on any thread. A call of the handler counts as a call of the breaker, but
 * is not subject to its share: the breaker's recovery has released it already.
 */
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  /** Not probing: where nobody calls, the few items that are released then are the probes. */
  private static final Set<State> DEFERRING = Set.of(State.OPEN, State.HELD_OPEN);

  private static final String FAILED = "replay-failed";
  private static final int CAUSE_LENGTH = 500;

  private final Board board;
  private final Gate gate;
  private final String instance;
  private final ReplayHandler handler;

  Attempts(Board board, Gate gate, String instance, ReplayHandler handler) {
    this.board = board;
    this.gate = gate;
    this.instance = instance;
    this.handler = handler;
  }

  /** Attempts one item, or puts it off. Throws nothing. */
  WorkOutcome attempt(ParkedWork work) {
    Optional<BreakerState> deferring =
        board.state(gate.breaker()).filter(state -> DEFERRING.contains(state.getState()));
    return deferring.isPresent()
        ? outcome(work, WorkResult.DEFERRED, because(deferring.get()))
        : call(work);
  }

  private WorkOutcome call(ParkedWork work) {
    Permit permit = gate.admitReleased();
    long start = System.nanoTime();
    try {
      Context context = TraceParent.context(work.getTraceParent());
      ReplayResult result = Guarded.call(context, () -> handler.replay(work));
      return answered(work, permit, result, System.nanoTime() - start);
    } catch (Throwable e) {
      if (Cancellation.isInterrupt(e)) {
        permit.cancelled();
        Thread.currentThread().interrupt();
        return outcome(work, WorkResult.DEFERRED, "interrupted");
      }
      permit.failure(e, System.nanoTime() - start);
      LOG.debug("Attempt {} at item {} failed", work.getAttempt(), work.getItemId(), e);
      return outcome(work, WorkResult.FAILED, e.toString());
    }
  }

  private WorkOutcome answered(ParkedWork work, Permit permit, ReplayResult result, long nanos) {
    return switch (result) {
      case DONE -> {
        permit.success(nanos);
        yield outcome(work, WorkResult.DONE, "");
      }
      case POISON -> {
        permit.success(nanos);
        yield outcome(work, WorkResult.POISON, "the handler says that no attempt can succeed");
      }
      case FAILED -> {
        permit.failure(FAILED, nanos);
        yield outcome(work, WorkResult.FAILED, "the handler says that the attempt failed");
      }
      case DEFERRED -> {
        permit.cancelled();
        yield outcome(work, WorkResult.DEFERRED, "put off by the handler");
      }
    };
  }

  private WorkOutcome outcome(ParkedWork work, WorkResult result, String cause) {
    return WorkOutcome.newBuilder()
        .setItemId(work.getItemId())
        .setQueue(work.getQueue())
        .setWorkKey(work.getWorkKey())
        .setAttempt(work.getAttempt())
        .setResult(result)
        .setCause(cause.length() > CAUSE_LENGTH ? cause.substring(0, CAUSE_LENGTH) : cause)
        .setBy(instance)
        .setAtMillis(System.currentTimeMillis())
        .build();
  }

  private static String because(BreakerState state) {
    return "breaker %s is %s at epoch %d"
        .formatted(state.getBreaker(), state.getState(), state.getEpoch());
  }
}
