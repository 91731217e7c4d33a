package dev.switchgear.gamedays.faults;

import dev.switchgear.gamedays.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The place in a service instance where faults strike. Thread-safe. */
public final class FaultPoint {

  /** Requests that may hang at a time; further ones fail at once. */
  private static final int HANGING_LIMIT = 4_096;

  private final Executor executor;
  private final DoubleSupplier chance;
  private final List<CompletableFuture<Reply>> hanging = new ArrayList<>();
  private volatile Fault fault = Fault.NONE;

  /** Does delayed work on the given executor. */
  public FaultPoint(Executor executor) {
    this(executor, () -> ThreadLocalRandom.current().nextDouble());
  }

  FaultPoint(Executor executor, DoubleSupplier chance) {
    this.executor = executor;
    this.chance = chance;
  }

  /** What is wrong now. */
  public Fault fault() {
    return fault;
  }

  /** From now on this is wrong. Requests that hang are answered with an error. */
  public void apply(Fault next) {
    List<CompletableFuture<Reply>> released;
    synchronized (hanging) {
      fault = next;
      released = List.copyOf(hanging);
      hanging.clear();
    }
    released.forEach(each -> each.complete(Reply.problem(503, "hung until the fault changed")));
  }

  /** Answers one request as the present fault wants it. */
  public CompletionStage<Reply> meet(Supplier<CompletionStage<Reply>> healthy) {
    return fault.meet(this, healthy);
  }

  double chance() {
    return chance.getAsDouble();
  }

  CompletionStage<Reply> later(Duration delay, Supplier<CompletionStage<Reply>> healthy) {
    Executor delayed =
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, executor);
    return CompletableFuture.supplyAsync(healthy, delayed).thenCompose(reply -> reply);
  }

  CompletionStage<Reply> hang() {
    CompletableFuture<Reply> never = new CompletableFuture<>();
    synchronized (hanging) {
      if (fault instanceof Fault.Hang && hanging.size() < HANGING_LIMIT) {
        hanging.add(never);
        return never;
      }
    }
    never.complete(Reply.problem(503, "hung until the fault changed"));
    return never;
  }
}
