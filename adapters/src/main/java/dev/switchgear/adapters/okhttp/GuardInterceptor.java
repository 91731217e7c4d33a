package dev.switchgear.adapters.okhttp;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Refusal;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Makes requests only if their breakers let it. An application interceptor, best the first one: so
 * a request is one, whatever redirects and connections it takes. Thread-safe.
 *
 * <pre>{@code
 * new OkHttpClient.Builder()
 *     .addInterceptor(GuardInterceptor.of(Guards.named(gear, "payments")))
 * }</pre>
 *
 * <p>A refused request ends in a {@link CallRefusedException}. A request waits no longer than its
 * guard and its caller allow, its body included; what is left goes out as {@link Deadline#HEADER}.
 * A status of 400 or more is told as an error of that name, and the policy says which of them are
 * the dependency's. The response is given as it came.
 *
 * <p>A request is over, for the breaker and its bulkhead, when its headers are there: one whose
 * body is not read holds nothing. Enqueued calls run on a thread that does not know the caller's
 * deadline, unless they were made by {@link #carrying}.
 */
public final class GuardInterceptor implements Interceptor {

  private final Guards<Request> guards;

  private GuardInterceptor(Guards<Request> guards) {
    this.guards = guards;
  }

  /** For {@link OkHttpClient.Builder#addInterceptor}. */
  public static Interceptor of(Guards<Request> guards) {
    return new GuardInterceptor(guards);
  }

  /** The client, whose calls know the context they were made in, also once they are enqueued. */
  public static Call.Factory carrying(OkHttpClient client) {
    return request ->
        client.newCall(request.newBuilder().tag(Context.class, Context.current()).build());
  }

  @Override
  @SuppressWarnings("try") // The scope is there to be closed.
  public Response intercept(Chain chain) throws IOException {
    Context carried = chain.request().tag(Context.class);
    if (carried == null) {
      return decide(chain);
    }
    try (Scope scope = carried.makeCurrent()) {
      return decide(chain);
    }
  }

  private Response decide(Chain chain) throws IOException {
    Attempt attempt = guards.attempt(chain.request());
    Refusal refusal = attempt.refusal();
    if (refusal != null) {
      throw new CallRefusedException(refusal);
    }
    return new Exchange(chain, attempt).proceed();
  }
}
