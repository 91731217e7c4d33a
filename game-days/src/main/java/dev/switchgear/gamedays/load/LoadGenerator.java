package dev.switchgear.gamedays.load;

import dev.switchgear.gamedays.http.Json;
import dev.switchgear.gamedays.http.Threads;
import dev.switchgear.gamedays.load.ArrivalSchedule.Arrival;
import dev.switchgear.gamedays.load.Customers.Placed;
import dev.switchgear.gamedays.load.Tally.Answer;
import dev.switchgear.gamedays.shop.Traffic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the shop's front as an {@link ArrivalSchedule} has them arrive, however long
 * the answers take. Latency is measured from the moment a request should have been sent, so that a
 * generator that is late itself hides nothing.
 */
public final class LoadGenerator implements AutoCloseable {

  /** Requests under way at a time: ten seconds' worth at a rate of 100 of each kind. */
  private static final int UNDER_WAY_LIMIT = 3_000;

  /** More than the shop's own bounds together: calling payments, then parking. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final int CLIENT_THREADS = 2;

  /** Each orders every six seconds on average. */
  private static final double CUSTOMERS_PER_RATE = 6;

  private static final int FEWEST_CUSTOMERS = 20;
  private static final List<String> SEARCHES = List.of("desk", "lamp", "chair", "mug", "shelf");

  private final List<URI> front;
  private final Traffic traffic;
  private final ArrivalSchedule schedule;
  private final Customers customers;
  private final Random random;
  private final ExecutorService clientThreads;
  private final HttpClient client;
  private final Thread thread;
  private final Semaphore slots = new Semaphore(UNDER_WAY_LIMIT);
  private final CountDownLatch stop = new CountDownLatch(1);
  private Tally tally;

  private LoadGenerator(LoadSettings settings, Traffic traffic, Tally first) {
    this.front = settings.front();
    this.traffic = traffic;
    this.schedule = new ArrivalSchedule(settings.ratePerSecond(), settings.seed());
    int crowd = Math.max(FEWEST_CUSTOMERS, (int) (settings.ratePerSecond() * CUSTOMERS_PER_RATE));
    this.customers = new Customers(settings.run(), crowd, settings.seed());
    this.random = new Random(settings.seed());
    this.tally = first;
    this.clientThreads = Threads.bounded("customers-client", CLIENT_THREADS);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(clientThreads)
            .build();
    this.thread = new Thread(this::generate, "customers");
    thread.setDaemon(true);
  }

  /**
   * Customers come at once.
   *
   * @param traffic records what they see
   * @param first counts until {@link #countInto} says otherwise
   */
  public static LoadGenerator start(LoadSettings settings, Traffic traffic, Tally first) {
    LoadGenerator generator = new LoadGenerator(settings, traffic, first);
    generator.thread.start();
    return generator;
  }

  /** Requests sent from now on count here; those under way where they were sent. */
  public synchronized void countInto(Tally next) {
    tally = next;
  }

  private synchronized Tally send() {
    tally.sent();
    return tally;
  }

  private synchronized void countUnsent() {
    tally.notSent();
  }

  /** Sends nothing more. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    clientThreads.shutdownNow();
  }

  private void generate() {
    long start = System.nanoTime();
    try {
      Arrival next = schedule.next();
      while (!stop.await(start + next.atNanos() - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        arrive(next, start + next.atNanos());
        next = schedule.next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void arrive(Arrival arrival, long dueNanos) {
    if (!slots.tryAcquire()) {
      countUnsent();
      return;
    }
    switch (arrival.kind()) {
      case HOME -> browse("/home?customer=c" + random.nextInt(1_000), dueNanos);
      case SEARCH -> browse("/search?q=" + SEARCHES.get(random.nextInt(SEARCHES.size())), dueNanos);
      case ORDER -> order(dueNanos);
    }
  }

  private void browse(String path, long dueNanos) {
    URI uri = instanceFor(path).resolve(path);
    send(HttpRequest.newBuilder(uri).GET(), dueNanos, (count, response) -> {});
  }

  private void order(long dueNanos) {
    customers
        .place()
        .ifPresentOrElse(
            placed -> order(placed, dueNanos),
            () -> {
              slots.release();
              countUnsent();
            });
  }

  private void order(Placed placed, long dueNanos) {
    URI uri = instanceFor(placed.order().customer()).resolve("/orders");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(Json.write(placed.order())));
    send(request, dueNanos, (count, response) -> confirmed(placed, count, response));
  }

  private void confirmed(Placed placed, Tally count, @Nullable HttpResponse<String> response) {
    if (response != null && isSuccess(response)) {
      count.accepted(new Receipt(placed.order(), response.statusCode() == 202));
    }
    customers.answered(placed);
  }

  /** Whatever a customer does goes to the same instance. */
  private URI instanceFor(String customer) {
    return front.get(Math.floorMod(customer.hashCode(), front.size()));
  }

  private void send(
      HttpRequest.Builder request,
      long dueNanos,
      BiConsumer<Tally, @Nullable HttpResponse<String>> then) {
    Tally count = send();
    var unused =
        client
            .sendAsync(request.timeout(TIMEOUT).build(), BodyHandlers.ofString())
            .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (response, failure) -> {
                  slots.release();
                  then.accept(count, response);
                  Answer answer = answer(response);
                  count.answered(answer);
                  traffic.record(System.nanoTime() - dueNanos, answer == Answer.FAILED);
                });
  }

  private static Answer answer(@Nullable HttpResponse<String> response) {
    if (response == null || !isSuccess(response)) {
      return Answer.FAILED;
    }
    return response.headers().firstValue("degraded").isPresent()
        ? Answer.DEGRADED
        : Answer.SUCCEEDED;
  }

  private static boolean isSuccess(HttpResponse<String> response) {
    return response.statusCode() == 200 || response.statusCode() == 202;
  }
}
