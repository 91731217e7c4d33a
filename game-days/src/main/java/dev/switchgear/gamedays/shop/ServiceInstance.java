package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.gamedays.faults.FaultPoint;
import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.LoopbackServer;
import dev.switchgear.gamedays.http.Threads;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;

/** One running instance of a service: its port, and what is wrong with it. Thread-safe. */
final class ServiceInstance implements AutoCloseable {

  private final LongAdder arrivals;
  private final FaultPoint faults;
  private final LoopbackServer server;

  private ServiceInstance(LongAdder arrivals, FaultPoint faults, LoopbackServer server) {
    this.arrivals = arrivals;
    this.faults = faults;
    this.server = server;
  }

  /**
   * Starts to serve.
   *
   * @param threads that may handle requests at a time
   */
  static ServiceInstance start(Identity who, int threads, Telemetry telemetry, Handler handler) {
    ExecutorService pool = Threads.bounded(who.instance(), threads);
    LongAdder arrivals = new LongAdder();
    FaultPoint faults = new FaultPoint(pool);
    Handler sick =
        request -> faults.meet(Context.current().wrapSupplier(() -> handler.handle(request)));
    Handler observed = telemetry.observed(sick);
    Handler counted =
        request -> {
          arrivals.increment();
          return observed.handle(request);
        };
    return new ServiceInstance(arrivals, faults, LoopbackServer.start(pool, counted));
  }

  URI uri() {
    return server.uri();
  }

  /** Requests that have reached this instance, answered or not. */
  long arrivals() {
    return arrivals.sum();
  }

  synchronized void apply(Fault fault) {
    try {
      if (fault instanceof Fault.RefuseConnections) {
        server.closePort();
      } else {
        server.openPort();
      }
      faults.apply(fault);
    } catch (IOException e) {
      throw new UncheckedIOException("The port of " + uri() + " cannot be switched", e);
    }
  }

  @Override
  public void close() {
    faults.apply(Fault.NONE);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The port of " + uri() + " cannot be closed", e);
    }
  }
}
