package dev.switchgear.gamedays.faults;

import dev.switchgear.gamedays.http.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What is wrong with a service. */
public sealed interface Fault {

  /** Nothing is wrong. */
  Fault NONE = new None();

  /** What callers see, in words; "" when nothing is wrong. */
  String inWords();

  /**
   * Answers one request.
   *
   * @param healthy what the service would do
   */
  CompletionStage<Reply> meet(FaultPoint at, Supplier<CompletionStage<Reply>> healthy);

  /** Nothing is wrong. */
  record None() implements Fault {
    @Override
    public String inWords() {
      return "";
    }

    @Override
    public CompletionStage<Reply> meet(FaultPoint at, Supplier<CompletionStage<Reply>> healthy) {
      return healthy.get();
    }
  }

  /**
   * Fails some requests at once, without doing their work.
   *
   * @param share of the requests, more than 0, at most 1
   */
  record Errors(double share) implements Fault {
    public Errors {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("share: " + share + " (expected: more than 0, up to 1)");
      }
    }

    @Override
    public String inWords() {
      return "fails " + Math.round(share * 100) + "%";
    }

    @Override
    public CompletionStage<Reply> meet(FaultPoint at, Supplier<CompletionStage<Reply>> healthy) {
      return at.chance() < share
          ? CompletableFuture.completedFuture(Reply.problem(503, "injected error"))
          : healthy.get();
    }
  }

  /**
   * Begins the work late; no thread waits meanwhile.
   *
   * @param delay 1 ms..10 min
   */
  record Latency(Duration delay) implements Fault {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    public Latency {
      if (delay.toMillis() < 1 || delay.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("delay: " + delay + " (expected: PT0.001S..PT10M)");
      }
    }

    @Override
    public String inWords() {
      return "takes " + delay.toMillis() + " ms";
    }

    @Override
    public CompletionStage<Reply> meet(FaultPoint at, Supplier<CompletionStage<Reply>> healthy) {
      return at.later(delay, healthy);
    }
  }

  /** Accepts requests and never answers them. */
  record Hang() implements Fault {
    @Override
    public String inWords() {
      return "hangs";
    }

    @Override
    public CompletionStage<Reply> meet(FaultPoint at, Supplier<CompletionStage<Reply>> healthy) {
      return at.hang();
    }
  }

  /**
   * Nothing listens on the port. Whoever owns the socket closes it; a request that was accepted
   * before is answered as if nothing were wrong, if its connection still stands.
   */
  record RefuseConnections() implements Fault {
    @Override
    public String inWords() {
      return "refuses connections";
    }

    @Override
    public CompletionStage<Reply> meet(FaultPoint at, Supplier<CompletionStage<Reply>> healthy) {
      return healthy.get();
    }
  }

  /**
   * Does the work and answers with a body that breaks off: the caller cannot know what was done.
   */
  record CorruptBody() implements Fault {
    @Override
    public String inWords() {
      return "answers garbage";
    }

    @Override
    public CompletionStage<Reply> meet(FaultPoint at, Supplier<CompletionStage<Reply>> healthy) {
      return healthy.get().thenApply(CorruptBody::corrupt);
    }

    private static Reply corrupt(Reply reply) {
      String half = reply.body().substring(0, reply.body().length() / 2);
      return new Reply(reply.status(), reply.headers(), half + '\uFFFD');
    }
  }
}
