package dev.switchgear.adapters.okhttp;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.guard.Deadline;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/** One request and what became of it. */
final class Exchange {

  private static final int SWITCHING_PROTOCOLS = 101;

  /**
   * The call's own timeout cancels it, as its caller can, and is ahead of what is measured here by
   * what other interceptors took.
   */
  private static final double OWN_TIMEOUT_SHARE = 0.5;

  private final Interceptor.Chain chain;
  private final Attempt attempt;
  private final @Nullable Deadline deadline;
  private final long startNanos = System.nanoTime();

  Exchange(Interceptor.Chain chain, Attempt attempt) {
    this.chain = chain;
    this.attempt = attempt;
    this.deadline = attempt.deadline().orElse(null);
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  Response proceed() throws IOException {
    try (Scope scope = attempt.context().makeCurrent()) {
      Response response =
          deadline == null ? chain.proceed(chain.request()) : proceedUntil(deadline);
      attempt.status(response.code());
      return response;
    } catch (IOException e) {
      count(e);
      throw e;
    } catch (Throwable e) {
      attempt.thrown(e);
      throw e;
    }
  }

  /**
   * OkHttp's own timeouts are for one read or write each, or begin before the request comes here.
   */
  private Response proceedUntil(Deadline until) throws IOException {
    long left = Math.max(1, until.remaining().toNanos());
    Alarm alarm = new Alarm();
    alarm.timeout(left, TimeUnit.NANOSECONDS);
    alarm.enter();
    Response response;
    try {
      response = chain.proceed(within(until));
    } catch (IOException e) {
      throw alarm.exit() ? timedOut(e) : e;
    } catch (Throwable e) {
      alarm.exit();
      throw e;
    }
    if (alarm.exit()) {
      response.close();
      throw timedOut(null);
    }
    if (response.code() != SWITCHING_PROTOCOLS) { // A web socket has no body.
      response.body().source().timeout().deadlineNanoTime(startNanos + left);
    }
    return response;
  }

  private Request within(Deadline until) {
    return chain.request().newBuilder().header(Deadline.HEADER, until.headerValue()).build();
  }

  private static SocketTimeoutException timedOut(@Nullable IOException cause) {
    var timedOut = new SocketTimeoutException("no answer before the deadline");
    timedOut.initCause(cause);
    return timedOut;
  }

  private void count(IOException thrown) {
    boolean givenUp = chain.call().isCanceled() || thrown instanceof InterruptedIOException;
    if (thrown instanceof SocketTimeoutException || !givenUp) {
      attempt.thrown(thrown);
    } else if (isCallTimedOut()) {
      attempt.failure(SocketTimeoutException.class.getSimpleName());
    } else {
      attempt.cancelled();
    }
  }

  private boolean isCallTimedOut() {
    long limit = chain.call().timeout().timeoutNanos();
    return limit > 0 && System.nanoTime() - startNanos >= limit * OWN_TIMEOUT_SHARE;
  }

  /** Cancels the call when its time is over. */
  private final class Alarm extends AsyncTimeout {

    @Override
    protected void timedOut() {
      chain.call().cancel();
    }
  }
}
